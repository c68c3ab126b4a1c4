// The script of every page: language, light and dark, plots that follow the pointer, and the samples
// behind a cell. Text of samples is put in as text, never as markup.
"use strict";
(() => {
  const root = document.documentElement;
  const chinese = () => root.lang !== "en";
  const word = (pair) => pair[chinese() ? 1 : 0];
  const make = (name, css, text) => {
    const out = document.createElement(name);
    if (css) out.className = css;
    if (text !== undefined) out.textContent = text;
    return out;
  };
  const parsed = (node) => (node ? JSON.parse(node.textContent) : null);

  // What hears the page is told in its language, too.
  const labels = document.querySelectorAll("[data-label-en]");
  const plots = [];
  let shown = null;
  function speak() {
    document.title = root.dataset[chinese() ? "zh" : "en"];
    for (const node of labels) {
      node.setAttribute("aria-label", node.dataset[chinese() ? "labelZh" : "labelEn"]);
    }
    plots.forEach((draw) => draw());
    if (shown) shown();
  }
  const language = document.getElementById("language"), theme = document.getElementById("theme");
  language.hidden = theme.hidden = false;
  language.addEventListener("click", () => {
    root.lang = chinese() ? "en" : "zh-CN";
    speak();
  });
  theme.addEventListener("click", () => {
    const dark = root.dataset.theme ? root.dataset.theme === "dark"
                                    : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    plots.forEach((draw) => draw());
  });

  const colour = (name) => getComputedStyle(root).getPropertyValue(name).trim();

  // Lines of different steps on one axis: a row for each x.
  function rows_of(lines) {
    const rows = new Map();
    lines.forEach((line, k) => line.x.forEach((x, i) => {
      if (!rows.has(x)) rows.set(x, new Array(lines.length).fill(null));
      rows.get(x)[k] = line.y[i];
    }));
    return [...rows].sort((a, b) => a[0] - b[0]).map(([x, ys]) => [x, ...ys]);
  }

  function live(place) {
    const plot = parsed(place.querySelector("script"));
    const rows = rows_of(plot.lines);
    if (rows.length < 2 || typeof Dygraph === "undefined") return;
    const target = place.appendChild(make("div"));
    place.hidden = false;
    place.previousElementSibling.hidden = true;
    target.style.width = "100%";
    target.style.height = "100%";
    place.setAttribute("aria-hidden", "true");
    let chart = null;
    const inks = ["--accent", "--other", "--ink", "--second"];
    const draw = () => {
      const options = {
        labels: [word(plot.x), ...plot.lines.map((line) => word(line.name))],
        colors: plot.lines.map((line, k) => colour(line.second ? "--second" : inks[k % 4])),
        strokeWidth: 2, gridLineColor: colour("--rule"), axisLineColor: colour("--rule"),
        legend: "onmouseover", xlabel: word(plot.x), connectSeparatedPoints: true,
        axes: {x: {axisLabelFormatter: (v) => (Number.isInteger(v) ? String(v) : "")}},
        highlightCircleSize: 4, animatedZooms: false, digitsAfterDecimal: 4,
        underlayCallback(canvas, area, graph) {
          if (plot.mark === undefined) return;
          const x = graph.toDomXCoord(plot.mark), late = x > area.x + area.w / 2;
          canvas.save();
          canvas.strokeStyle = canvas.fillStyle = colour("--quiet");
          canvas.setLineDash([4, 4]);
          canvas.beginPath();
          canvas.moveTo(x, area.y);
          canvas.lineTo(x, area.y + area.h);
          canvas.stroke();
          canvas.textAlign = late ? "right" : "left";
          canvas.font = "12px system-ui, sans-serif";
          canvas.fillText(word(plot.markName), x + (late ? -6 : 6), area.y + area.h - 8);
          canvas.restore();
        },
      };
      if (chart) chart.updateOptions(options);
      else chart = new Dygraph(target, rows, options);
    };
    plots.push(draw);
    draw();
  }
  document.querySelectorAll(".live").forEach(live);

  // The samples of a cell, some at a time.
  const box = document.getElementById("browser");
  const SHOWN = 20;
  let samples = null;
  function picture(content) {
    const NS = "http://www.w3.org/2000/svg";
    const out = document.createElementNS(NS, "svg");
    out.setAttribute("viewBox", "0 0 100 40");
    out.setAttribute("preserveAspectRatio", "none");
    out.setAttribute("aria-hidden", "true");
    for (const line of content) {
      const path = document.createElementNS(NS, "path");
      let d = "", down = false;
      line.forEach((y, i) => {
        if (y === null) {
          down = false;
          return;
        }
        d += `${down ? "L" : "M"}${(100 * i / Math.max(1, line.length - 1)).toFixed(2)} ${38 - 0.36 * y}`;
        down = true;
      });
      path.setAttribute("d", line.length === 1 ? d + "h2" : d);
      out.append(path);
    }
    return out;
  }
  function item(row) {
    const out = make("li");
    out.append(make("bdi", "quiet", row.id));
    if (row.note) out.append(" · ", make("span", "quiet", word(row.note)));
    if (typeof row.content === "string") out.append(make("bdi", "text", row.content));
    else if (row.content) out.append(picture(row.content));
    return out;
  }
  function show(cell, found) {
    const list = make("ul", "samples");
    const heading = make("h3");
    const more = make("button");
    more.type = "button";
    let count = Math.min(SHOWN, found.length);
    const fill = (from) => found.slice(from, count).forEach((row) => list.append(item(row)));
    const say = () => {
      const [t, p] = [cell.dataset.truth, cell.dataset.predicted].map((k) => samples.classes[k]);
      const n = found.length;
      heading.textContent = chinese() ? `真实类别“${t}”，回答“${p}”：${n} 个样本`
                                      : `True class ${t}, answered ${p}: ${n} ${n === 1 ? "sample" : "samples"}`;
      list.replaceChildren();
      fill(0);
      more.textContent = chinese() ? "更多" : "Show more";
      more.hidden = count >= n;
    };
    more.addEventListener("click", () => {
      const from = count;
      count = Math.min(count + SHOWN, found.length);
      fill(from);
      more.hidden = count >= found.length;
    });
    heading.tabIndex = -1;
    box.replaceChildren(heading, list, more);
    box.hidden = false;
    shown = say;
    say();
    heading.focus({preventScroll: true});
    box.scrollIntoView({block: "nearest"});
  }
  function open_cell(cell) {
    samples = samples || parsed(document.getElementById("samples"));
    const t = Number(cell.dataset.truth), p = Number(cell.dataset.predicted);
    const found = samples.rows.filter((row) => row[1] === t && row[2] === p)
        .sort((a, b) => b[3] - a[3])
        .map(([id, , , probability, content]) => ({
          id, content,
          note: probability === null ? null : [`probability ${probability}`, `概率 ${probability}`],
        }));
    document.querySelectorAll(".matrix [aria-pressed=true]").forEach((b) => b.setAttribute("aria-pressed", "false"));
    cell.setAttribute("aria-pressed", "true");
    show(cell, found);
  }
  document.querySelectorAll(".matrix button").forEach((b) => b.addEventListener("click", () => open_cell(b)));
  speak();
})();
