// SPDX-License-Identifier: MIT
// What the page gains by a script: tables sort, filter and fold, charts are
// drawn from the JSON beside them.  Everything told here stands in the page
// without it.  Log text is only ever set as text, never as markup.
(() => {
  "use strict";

  const ROWS_SHOWN = 10;   // a longer table is folded after these
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
      this.box.before(tools);
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

    show(all = false) {
      let matching = 0;
      for (const row of this.rows) {
        const fits = all || this.query === "" ||
          row.textContent.toLocaleLowerCase().includes(this.query);
        matching += fits;
        row.hidden = !fits ||
          (!all && this.isFolded && matching > ROWS_SHOWN);
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

  const tables = [...document.querySelectorAll(".table")]
    .map((box) => new SortedTable(box));

  // --- links open what they point at -----------------------------------------

  const openTarget = () => {
    const target = document.getElementById(location.hash.slice(1));
    const fold = target && target.closest("details");
    if (fold) fold.open = true;
  };
  addEventListener("hashchange", openTarget);
  openTarget();

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
  const label = (t, step) => step < 86400 ? `${dayOf(t)} ${hourOf(t)}` : dayOf(t);
  const tick = (t, step) => label(t, step).slice(5);
  const percent = (v) => `${(v * 100).toFixed(v < 0.1 ? 1 : 0)} %`;

  const axes = (chart, isStacked) => ({
    x: {
      stacked: isStacked,
      grid: { display: false },
      ticks: {
        color: colour("--soft"), maxRotation: 0, autoSkipPadding: 16,
        callback: (_, i) => tick(chart.times[i], chart.step),
      },
    },
    y: {
      stacked: isStacked,
      beginAtZero: true,
      grid: { color: colour("--line"), drawBorder: false },
      afterFit: (axis) => { axis.width = 56; },
      ticks: {
        color: colour("--soft"), maxTicksLimit: isStacked ? 6 : 4,
        callback: (v) => isStacked ? v.toLocaleString("en") : percent(v),
      },
    },
  });

  const stackedSet = (series) => ({
    label: series.name,
    data: series.values,
    backgroundColor: causeColour(series.cause),
    borderColor: colour("--card"),
    borderWidth: { top: series.values.length > 100 ? 0 : 1 },
    categoryPercentage: 0.92,
    barPercentage: 1,
  });

  const rateSet = (series) => ({
    label: series.name,
    data: series.values,
    borderColor: colour("--ink"),
    backgroundColor: colour("--faint"),
    fill: true,
    borderWidth: 1.5,
    pointRadius: 0,
    pointHitRadius: 8,
    tension: 0,
    spanGaps: false,
  });

  const draw = (chart) => {
    const canvas = document.getElementById(chart.id);
    if (!canvas) return;
    canvas.closest("figure").hidden = false;
    const isStacked = chart.kind === "stacked";
    charts.push(new Chart(canvas, {
      type: isStacked ? "bar" : "line",
      data: {
        labels: chart.times.map((t) => label(t, chart.step)),
        datasets: chart.series.map(isStacked ? stackedSet : rateSet),
      },
      options: {
        animation: false,
        maintainAspectRatio: false,
        interaction: { mode: "index", intersect: false },
        scales: axes(chart, isStacked),
        plugins: {
          legend: {
            display: isStacked, position: "bottom", align: "start",
            labels: { color: colour("--ink"), boxWidth: 12, boxHeight: 12 },
          },
          tooltip: {
            filter: (item) => item.raw !== 0,
            itemSort: (a, b) => b.raw - a.raw,
            callbacks: {
              label: (item) => ` ${item.dataset.label}: ` + (isStacked
                ? item.raw.toLocaleString("en") : percent(item.raw)),
            },
          },
        },
      },
    }));
  };

  const drawAll = () => {
    while (charts.length > 0) charts.pop().destroy();
    Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
    JSON.parse(source.textContent).charts.forEach(draw);
  };
  drawAll();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);

  // --- print: all that matches, charts as wide as the paper -------------------

  addEventListener("beforeprint", () => charts.forEach((chart) => chart.resize()));
  addEventListener("afterprint", () => charts.forEach((chart) => chart.resize()));

  // For tests and for whoever looks at the page with a console.
  document.documentElement.dataset.ready = String(tables.length);
})();
