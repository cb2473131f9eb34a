// SPDX-License-Identifier: MIT
// What the page gains by a script: tables sort, filter and fold, a click on a
// cause or a provider narrows what is below, charts are drawn from the JSON
// beside them.  Everything told here stands in the page without it.  Log text
// is only ever set as text, never as markup.
(() => {
  "use strict";

  const ROWS_SHOWN = 10;   // a longer table is folded after these
  const ROWS_PRINTED = 15; // the same on paper
  const ROWS_TO_FILTER = 12;

  // --- tables ---------------------------------------------------------------

  const valueOf = (cell) =>
    cell.dataset.value !== undefined
      ? Number(cell.dataset.value)
      : cell.textContent.trim().toLocaleLowerCase();

  const compare = (a, b) =>
    typeof a === "number" && typeof b === "number"
      ? a - b
      : typeof a === "number" ? 1
      : typeof b === "number" ? -1
      : a < b ? -1 : a > b ? 1 : 0;

  class SortedTable {
    constructor(box) {
      this.box = box;
      this.table = box.querySelector("table");
      this.body = this.table.tBodies[0];
      const next = box.nextElementSibling;
      this.printNote = next?.matches(".in-print") ? next : null;
      this.rows = [...this.body.rows];
      this.heads = [...this.table.tHead.rows[0].cells];
      this.isFolded = this.rows.length > ROWS_SHOWN + 2;
      this.query = "";
      this.heads.forEach((head, i) => this.addSorter(head, i));
      if (this.rows.length > ROWS_TO_FILTER) this.addFilter();
      if (this.isFolded) this.addExpander();
      this.show();
    }

    addSorter(head, i) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent;
      button.title = head.title;
      head.textContent = "";
      head.append(button);
      button.addEventListener("click", () => this.sort(i));
    }

    sort(i) {
      const head = this.heads[i];
      const isNumber = head.classList.contains("number") ||
        head.classList.contains("time");
      const was = head.getAttribute("aria-sort");
      const order = was === "descending" ? "ascending"
        : was === "ascending" ? "descending"
        : isNumber ? "descending" : "ascending";
      this.heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", order);
      const sign = order === "ascending" ? 1 : -1;
      const keyed = this.rows.map((row) => [valueOf(row.cells[i]), row]);
      keyed.sort((a, b) => sign * compare(a[0], b[0]));
      this.rows = keyed.map((pair) => pair[1]);
      this.body.append(...this.rows);
      this.show();
    }

    addFilter() {
      const tools = document.createElement("div");
      const input = document.createElement("input");
      this.count = document.createElement("output");
      tools.className = "tools";
      input.type = "search";
      input.placeholder = "Filter rows";
      input.setAttribute("aria-label",
        "Filter: " + this.table.caption.firstChild.firstChild.textContent.trim());
      input.addEventListener("input", () => {
        this.query = input.value.trim().toLocaleLowerCase();
        this.show();
      });
      tools.append(input, this.count);
      this.table.caption.firstChild.append(tools);
    }

    addExpander() {
      this.expander = document.createElement("button");
      this.expander.type = "button";
      this.expander.className = "expand";
      this.expander.addEventListener("click", () => {
        this.isFolded = !this.isFolded;
        this.show();
      });
      this.box.after(this.expander);
    }

    // On paper a folded table is short, too; one that was unfolded is whole.
    show(isPrinted = false) {
      const most = !this.isFolded ? Infinity
        : isPrinted ? ROWS_PRINTED : ROWS_SHOWN;
      let matching = 0;
      for (const row of this.rows) {
        const fits = !row.isNarrowedOut && (this.query === "" ||
          row.textContent.toLocaleLowerCase().includes(this.query));
        matching += fits;
        row.hidden = !fits || matching > most;
      }
      if (this.printNote) {
        this.printNote.hidden = matching <= most;
        this.printNote.textContent =
          `The first ${most} of ${matching} rows are printed.`;
      }
      if (this.count) {
        this.count.textContent = this.query === "" ? ""
          : `${matching} of ${this.rows.length} rows`;
      }
      if (this.expander) {
        this.expander.hidden = matching <= ROWS_SHOWN;
        this.expander.textContent = this.isFolded
          ? `Show all ${matching} rows` : `Show the first ${ROWS_SHOWN} rows`;
        this.expander.setAttribute("aria-expanded", String(!this.isFolded));
      }
    }
  }

  const tables = [...document.querySelectorAll(".table:not(.heat-map)")]
    .map((box) => new SortedTable(box));

  const make = (tag, className, text = "") => {
    const element = document.createElement(tag);
    element.className = className;
    element.textContent = text;
    if (tag === "button") element.type = "button";
    return element;
  };
  const count = (n) => n.toLocaleString("en");

  // --- links open what they point at -----------------------------------------

  const openTarget = () => {
    const target = document.getElementById(location.hash.slice(1));
    const fold = target && target.closest("details");
    if (fold) fold.open = true;
  };
  addEventListener("hashchange", openTarget);
  openTarget();

  // --- one direction or both --------------------------------------------------

  const contents = document.querySelector(".contents");
  const addSwitch = () => {
    const box = make("div", "switch");
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", "Direction");
    const buttons = [["both", "Both"], ["outbound", "\u2197 Out"],
      ["inbound", "\u2199 In"]].map(([way, text]) => {
      const button = make("button", "", text);
      button.setAttribute("aria-label", `Show ${way}`);
      button.addEventListener("click", () => {
        document.body.dataset.way = way;
        for (const other of buttons) {
          other.setAttribute("aria-pressed", String(other === button));
        }
      });
      button.setAttribute("aria-pressed", String(way === "both"));
      return button;
    });
    box.append(...buttons);
    contents.querySelector("ol").before(box);
  };
  if (document.querySelector(".way.outbound") &&
      document.querySelector(".way.inbound")) addSwitch();

  // --- where in the page ------------------------------------------------------

  const links = new Map([...contents.querySelectorAll("a")]
    .map((link) => [link.hash.slice(1), link]));
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      for (const link of links.values()) link.removeAttribute("aria-current");
      links.get(entry.target.id)?.setAttribute("aria-current", "true");
    }
  }, { rootMargin: "-10% 0px -80% 0px" });
  for (const section of document.querySelectorAll("main > section")) {
    seen.observe(section);
  }

  // --- narrowing --------------------------------------------------------------

  // What rows are made of: [[kind, place, attempts] …]; "" is "not counted".
  const metOf = (element) => element.met ??= element.dataset.met === ""
    ? [] : element.dataset.met.split(" ").map((text) => text.split(":"));

  class Narrowing {
    constructor(map) {
      this.way = map.dataset.way;
      this.map = map;
      this.kind = this.place = null;
      this.scope = [...document.querySelectorAll(`.way.${this.way}`)];
      this.kinds = [...map.querySelectorAll("[data-kind]")];
      this.places = [...map.querySelectorAll("[data-place]")];
      this.tables = tables.filter((table) => table.rows.length > 0 &&
        table.rows[0].dataset.met !== undefined &&
        this.scope.some((part) => part.contains(table.box)));
      this.causes = this.scope.flatMap((part) =>
        [...part.querySelectorAll(".causes > li[data-met]")]);
      this.addButtons();
    }

    addButtons() {
      const kindOf = (cell) => cell.parentNode.querySelector("[data-kind]");
      for (const head of this.kinds) {
        this.button(head, head.dataset.kind, null);
      }
      for (const head of this.places) {
        this.button(head, null, head.dataset.place);
      }
      for (const cell of this.map.querySelectorAll("td.heat")) {
        if (cell.textContent === "") continue;
        const place = this.places[cell.cellIndex - 2];
        const button = this.button(
          cell, kindOf(cell).dataset.kind, place.dataset.place);
        button.setAttribute("aria-label", `${cell.textContent}: ` +
          `${kindOf(cell).textContent}, ${place.textContent}`);
      }
      for (const item of this.causes) {
        const kind = metOf(item)[0]?.[0];
        const button = make("button", "narrow-button",
          "Narrow everything below to this cause");
        button.addEventListener("click", () => this.set(kind, this.place));
        item.querySelector(".fold").append(button);
      }
    }

    button(cell, kind, place) {
      const button = make("button", "", cell.textContent);
      cell.textContent = "";
      cell.append(button);
      button.at = [kind, place];
      button.setAttribute("aria-pressed", "false");
      button.addEventListener("click", () => {
        const isOn = button.getAttribute("aria-pressed") === "true";
        if (isOn) this.set(null, null);
        else this.set(kind, place);
      });
      return button;
    }

    // How many attempts of ${element} are left; whether all places count.
    left(element) {
      let n = 0;
      for (const [kind, place, attempts] of metOf(element)) {
        if ((this.kind === null || kind === "" || kind === this.kind) &&
            (this.place === null || place === "" || place === this.place)) {
          n += Number(attempts);
        }
      }
      return n;
    }

    set(kind, place) {
      this.kind = kind;
      this.place = place;
      for (const button of this.map.querySelectorAll("button")) {
        button.setAttribute("aria-pressed", String((kind ?? place) !== null &&
          button.at[0] === kind && button.at[1] === place));
      }
      this.causes.forEach((item) => this.narrowCause(item));
      this.tables.forEach((table) => this.narrowTable(table));
      tell();
    }

    get isOn() {
      return this.kind !== null || this.place !== null;
    }

    get words() {
      const name = (heads, key, value) => value === null ? null
        : heads.find((head) => head.dataset[key] === value)?.textContent;
      return [name(this.kinds, "kind", this.kind) ?? (this.kind === null
        ? "All causes" : "This cause"),
      name(this.places, "place", this.place)].filter(Boolean).join(", ");
    }

    narrowCause(item) {
      const amount = item.querySelector(".amount b");
      item.amount ??= amount.textContent;
      const n = this.left(item);
      item.hidden = this.isOn && n === 0;
      amount.textContent = this.isOn ? count(n) : item.amount;
      for (const part of item.querySelectorAll(".part, .bar, i")) {
        part.toggleAttribute("data-off", this.isOn);
      }
    }

    narrowTable(table) {
      const isSpread = !table.heads.some((head) =>
        /^(attempts|deliveries)$/.test(head.textContent));
      let matching = 0;
      for (const row of table.rows) {
        const n = this.left(row);
        row.isNarrowedOut = this.isOn && n === 0;
        matching += !row.isNarrowedOut;
        row.querySelector("td.sum")?.remove();
        if (this.isOn && isSpread) row.append(make("td", "sum", count(n)));
      }
      table.table.querySelector("th.sum")?.remove();
      if (this.isOn && isSpread) {
        const head = make("th", "sum", "attempts narrowed");
        head.scope = "col";
        table.table.tHead.rows[0].append(head);
      }
      this.note(table, matching);
      table.show();
    }

    note(table, matching) {
      table.note?.remove();
      if (!this.isOn) return;
      const blind = this.place !== null && table.rows.every((row) =>
        metOf(row).every((met) => met[1] === ""));
      table.note = make("p", "narrow-note", `${this.words}: ` +
        `${matching} of ${table.rows.length} rows` + (blind
        ? (this.way === "outbound" ? "; counted for all providers"
          : "; counted for all hosts") : ""));
      (table.expander ?? table.box).after(table.note);
    }
  }

  const narrowings = [...document.querySelectorAll(".heat-map")]
    .map((map) => new Narrowing(map));
  const bar = make("div", "narrowed");
  const barText = make("span", "");
  const clear = make("button", "", "Show all");
  bar.hidden = true;
  bar.setAttribute("role", "status");
  bar.append(barText, clear);
  document.body.append(bar);
  const tell = () => {
    const on = narrowings.filter((narrowing) => narrowing.isOn);
    bar.hidden = on.length === 0;
    barText.textContent = on.map((narrowing) =>
      (narrowing.way === "outbound" ? "Outbound: " : "Inbound: ") +
      narrowing.words).join("; ");
  };
  const clearAll = () => narrowings.forEach((narrowing) =>
    narrowing.isOn && narrowing.set(null, null));
  clear.addEventListener("click", clearAll);
  addEventListener("keydown", (event) => {
    if (event.key === "Escape") clearAll();
  });

  // --- print: findings unfolded, tables short --------------------------------

  let reopened = [];
  addEventListener("beforeprint", () => {
    reopened = [...document.querySelectorAll(".open > li > .finding, .follows, " +
      ".others")].filter((fold) => !fold.open);
    for (const fold of reopened) fold.open = true;
    tables.forEach((table) => table.show(true));
    document.documentElement.dataset.print = "";
  });
  addEventListener("afterprint", () => {
    for (const fold of reopened) fold.open = false;
    tables.forEach((table) => table.show());
    delete document.documentElement.dataset.print;
  });

  // For tests and for whoever looks at the page with a console.
  document.documentElement.dataset.ready = String(tables.length);

  // --- charts ----------------------------------------------------------------

  const source = document.getElementById("data");
  if (!source || typeof Chart === "undefined") return;

  const charts = [];
  const colour = (name) => getComputedStyle(document.documentElement)
    .getPropertyValue(name).trim();
  const causeColour = (cause) =>
    (/^[a-z_]+$/.test(cause) && colour("--c-" + cause)) || colour("--c-unknown");

  const dayOf = (t) => new Date(t * 1000).toISOString().slice(0, 10);
  const hourOf = (t) => new Date(t * 1000).toISOString().slice(11, 16);
  const timeOf = (chart, i) => chart.from + i * chart.step;
  const label = (chart, i) => {
    const t = timeOf(chart, i);
    return chart.step < 86400 ? `${dayOf(t)} ${hourOf(t)}` : dayOf(t);
  };
  const percent = (v) => `${(v * 100).toFixed(v < 0.1 ? 1 : 0)} %`;

  const axes = (chart, isStacked) => ({
    x: {
      stacked: isStacked,
      offset: true,
      grid: { display: false, drawBorder: false },
      ticks: {
        color: colour("--soft"), maxRotation: 0, autoSkipPadding: 16,
        callback: (_, i) => label(chart, i).slice(5),
      },
    },
    y: {
      stacked: isStacked,
      beginAtZero: true,
      grid: { color: colour("--line"), drawBorder: false },
      afterFit: (axis) => { axis.width = 56; },
      ticks: {
        color: colour("--soft"), maxTicksLimit: 6, precision: 0,
        callback: (v) => count(v),
      },
    },
  });

  const barSet = (chart, series, fill) => ({
    type: "bar",
    label: series.name,
    data: series.values,
    backgroundColor: fill,
    borderColor: colour("--card"),
    borderWidth: { top: chart.n > 100 ? 0 : 1 },
    categoryPercentage: 0.92,
    barPercentage: 1,
  });

  const lineSet = (name, data, more) => ({
    type: "line", label: name, data, pointRadius: 0, pointHitRadius: 0,
    borderWidth: 1.5, tension: 0, ...more,
  });

  const bandSets = (chart) => !chart.expected ? [] : [
    lineSet("Usual", chart.expected, {
      borderColor: colour("--soft"), borderDash: [5, 4], order: 2,
    }),
    lineSet("low", chart.low, { borderWidth: 0, order: 4 }),
    lineSet("Usual range", chart.high, {
      borderWidth: 0, fill: "-1", backgroundColor: colour("--band"), order: 3,
    }),
  ];

  // Beyond the band a step has a mark, so that colour is not all that tells.
  const observedSet = (chart) => {
    const isHigh = (i) => chart.high !== undefined &&
      chart.high[i] !== null && chart.observed[i] > chart.high[i];
    return lineSet("Failed attempts", chart.observed, {
      borderColor: colour("--ink"), backgroundColor: colour("--alarm"),
      // a line of one step would not be seen
      pointRadius: (at) => isHigh(at.dataIndex) || chart.n === 1
        ? (chart.n > 200 ? 2 : 3.5) : 0,
      pointStyle: "triangle", pointBorderWidth: 0, order: 1,
      // the last step may have hardly begun
      segment: {
        borderDash: (at) => at.p1DataIndex === chart.n - 1 &&
          timeOf(chart, chart.n) > chart.until ? [2, 3] : undefined,
      },
    });
  };

  const datasets = {
    failures: (chart) => [observedSet(chart), ...bandSets(chart)],
    mail: (chart) => chart.series.map((series) =>
      barSet(chart, series, colour("--mail-" + series.key))),
    stacked: (chart) => chart.series.map((series) =>
      barSet(chart, series, causeColour(series.cause))),
  };

  // Incidents: a shade over their time, the finding's number on top.
  const shade = { critical: "--alarm", warning: "--warning",
    notice: "--notice", info: "--info" };
  const placeOf = (scale, chart, t) => {
    const first = scale.getPixelForValue(0);
    const unit = chart.n > 1 ? scale.getPixelForValue(1) - first : scale.width;
    return first + ((t - chart.from) / chart.step - 0.5) * unit;
  };
  const incidents = (chart) => ({
    id: "incidents",
    beforeDatasetsDraw: ({ ctx, chartArea, scales }) => {
      for (const incident of chart.incidents) {
        const left = Math.max(chartArea.left,
          placeOf(scales.x, chart, incident.from));
        const right = Math.min(chartArea.right,
          placeOf(scales.x, chart, incident.until));
        incident.left = left;
        incident.right = Math.max(right, left + 3);
        ctx.save();
        ctx.globalAlpha = incident.number > 0 ? 0.14 : 0.08;
        ctx.fillStyle = colour(
          incident.number > 0 ? shade[incident.severity] : "--info");
        ctx.fillRect(left, chartArea.top, incident.right - left,
          chartArea.bottom - chartArea.top);
        ctx.restore();
      }
    },
    afterDatasetsDraw: ({ ctx, chartArea }) => {
      const marks = chart.incidents.filter((incident) => incident.number > 0)
        .sort((a, b) => a.left - b.left);
      const rows = [];
      for (const mark of marks) {
        const x = Math.min(Math.max(mark.left, chartArea.left + 8),
          chartArea.right - 8);
        let row = 0;
        while (rows[row] !== undefined && x - rows[row] < 18) row++;
        rows[row] = x;
        mark.at = [x, chartArea.top + 9 + row * 18];
        ctx.save();
        ctx.beginPath();
        ctx.arc(...mark.at, 8, 0, 2 * Math.PI);
        ctx.fillStyle = colour(shade[mark.severity]);
        ctx.fill();
        ctx.fillStyle = colour("--paper");
        ctx.font = `600 11px ${Chart.defaults.font.family}`;
        ctx.textAlign = "center";
        ctx.textBaseline = "middle";
        ctx.fillText(String(mark.number), mark.at[0], mark.at[1] + 0.5);
        ctx.restore();
      }
    },
  });

  const footer = (chart) => (items) => {
    if (items.length === 0) return "";
    const i = items[0].dataIndex;
    const t = timeOf(chart, i);
    if (chart.kind === "failures") {
      return chart.incidents.filter((incident) =>
        incident.from < t + chart.step && incident.until > t)
        .map((incident) => (incident.number > 0 ? `${incident.number}. ` : "") +
          incident.title.slice(0, 70));
    }
    if (chart.kind !== "mail") return "";
    const [good, , failed] = chart.series.map((series) => series.values[i]);
    return good + failed > 0
      ? `Failure rate ${percent(failed / (good + failed))}` : "";
  };

  const plugins = (chart) => ({
    legend: {
      display: chart.kind !== "failures" || chart.expected !== undefined,
      position: "bottom", align: "start",
      onClick: chart.kind === "failures" ? () => {} : undefined,
      labels: {
        color: colour("--ink"), boxWidth: 12, boxHeight: 12,
        filter: (item) => item.text !== "low",
      },
    },
    tooltip: {
      filter: (item) => item.dataset.label !== "low" &&
        (chart.kind === "failures" || item.raw !== 0),
      itemSort: chart.kind === "stacked" ? (a, b) => b.raw - a.raw : undefined,
      callbacks: {
        label: (item) => item.dataset.label === "Usual range"
          ? ` Usual range: ${count(chart.low[item.dataIndex])} to ${
            count(item.raw)}`
          : ` ${item.dataset.label}: ${count(item.raw)}`,
        footer: footer(chart),
      },
    },
  });

  const openIncident = (chart) => (event) => {
    const mark = (chart.incidents ?? []).find((incident) => incident.at &&
      Math.hypot(event.x - incident.at[0], event.y - incident.at[1]) < 11);
    const target = mark && document.getElementById(`finding-${mark.number}`);
    if (!target) return;
    target.querySelector("details").open = true;
    location.hash = target.id;
  };

  const draw = (chart) => {
    const canvas = document.getElementById(chart.id);
    if (!canvas) return;
    canvas.closest("figure").hidden = false;
    const options = {
      animation: false,
      maintainAspectRatio: false,
      interaction: { mode: "index", intersect: false },
      scales: axes(chart, chart.kind !== "failures"),
      plugins: plugins(chart),
      onClick: openIncident(chart),
      layout: { padding: { top: 4 } },
    };
    if (options.plugins.legend.onClick === undefined) {
      delete options.plugins.legend.onClick;
    }
    if (options.plugins.tooltip.itemSort === undefined) {
      delete options.plugins.tooltip.itemSort;
    }
    charts.push(new Chart(canvas, {
      type: "bar",
      data: {
        labels: Array.from({ length: chart.n }, (_, i) => label(chart, i)),
        datasets: datasets[chart.kind](chart),
      },
      options,
      plugins: chart.kind === "failures" ? [incidents(chart)] : [],
    }));
  };

  const drawAll = () => {
    while (charts.length > 0) charts.pop().destroy();
    Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
    JSON.parse(source.textContent).charts.forEach(draw);
  };
  drawAll();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
  // Paper is light, whatever the screen is.
  addEventListener("beforeprint", drawAll);
  addEventListener("afterprint", drawAll);
})();
