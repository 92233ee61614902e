// The whole of a chart as a strip below it, with the days in view as a window to be dragged and stretched by its edges.
// For pointers only: keys have the range buttons, and walk along the days of the chart itself.
const HEIGHT = 40;
const EDGE = 10; // how near an edge is taken, in pixels

export class Brush {
  #scale;
  #values;
  #canvas;
  #colour;
  #watch;
  #drag;

  constructor(host, scale, values) {
    this.#scale = scale;
    this.#values = values;
    this.#canvas = document.createElement("canvas");
    this.#canvas.className = "brush";
    this.#canvas.setAttribute("aria-hidden", "true");
    host.after(this.#canvas);
    this.#watch = new ResizeObserver(() => this.#draw());
    this.#watch.observe(this.#canvas);
    scale.subscribeVisibleLogicalRangeChange(() => this.#draw());
    this.#canvas.addEventListener("pointerdown", (event) => this.#take(event));
    this.#canvas.addEventListener("pointermove", (event) => this.#move(event));
    for (const end of ["pointerup", "pointercancel"]) {
      this.#canvas.addEventListener(end, () => (this.#drag = undefined));
    }
  }

  paint(colour) {
    this.#colour = colour;
    this.#draw();
  }

  close() {
    this.#watch.disconnect();
    this.#canvas.remove();
  }

  get #last() {
    return this.#values.length - 1;
  }

  #seen() {
    const seen = this.#scale.getVisibleLogicalRange();
    return seen && { from: Math.max(0, seen.from), to: Math.min(this.#last, seen.to) };
  }

  // Where the pointer is, as the place of a day.
  #place({ clientX }) {
    const { left, width } = this.#canvas.getBoundingClientRect();
    return ((clientX - left) / width) * this.#last;
  }

  #take(event) {
    const seen = this.#seen();
    if (!seen || event.button !== 0) return;
    this.#canvas.setPointerCapture(event.pointerId);
    const at = this.#place(event);
    const near = (EDGE / this.#canvas.clientWidth) * this.#last;
    const half = (seen.to - seen.from) / 2;
    if (Math.abs(at - seen.from) < near) this.#drag = { edge: "from" };
    else if (Math.abs(at - seen.to) < near) this.#drag = { edge: "to" };
    else if (at > seen.from && at < seen.to) this.#drag = { at, seen };
    else this.#drag = { at, seen: { from: at - half, to: at + half } };
    this.#move(event);
  }

  #move(event) {
    if (!this.#drag) return;
    const place = this.#place(event);
    const { edge, at, seen } = this.#drag;
    if (edge) {
      const now = this.#seen();
      const to = Math.max(0, Math.min(this.#last, place));
      const next = { ...now, [edge]: to };
      if (next.to - next.from >= 5) this.#show(next);
      return;
    }
    const size = seen.to - seen.from;
    const from = Math.max(0, Math.min(this.#last - size, seen.from + place - at));
    this.#show({ from, to: from + size });
  }

  #show({ from, to }) {
    this.#scale.setVisibleLogicalRange({ from, to });
  }

  #draw() {
    const seen = this.#seen();
    const { clientWidth: width } = this.#canvas;
    if (!seen || !width || !this.#colour) return;
    const ratio = devicePixelRatio;
    Object.assign(this.#canvas, { width: width * ratio, height: HEIGHT * ratio });
    const context = this.#canvas.getContext("2d");
    context.scale(ratio, ratio);
    const x = (place) => (place / this.#last) * width;
    context.fillStyle = this.#colour("window");
    context.fillRect(x(seen.from), 0, x(seen.to) - x(seen.from), HEIGHT);
    this.#line(context, width);
    context.fillStyle = this.#colour("cross");
    for (const place of [seen.from, seen.to]) {
      context.fillRect(Math.min(width - 2, Math.max(0, x(place) - 1)), 0, 2, HEIGHT);
    }
  }

  // One stroke a pixel, from its lowest to its highest value, is all that can be seen.
  #line(context, width) {
    const known = this.#values.filter((value) => !Number.isNaN(value));
    const [low, high] = known.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity]);
    const y = (value) => HEIGHT - 4 - ((HEIGHT - 8) * (value - low)) / (high - low || 1);
    const step = Math.max(1, Math.floor(this.#values.length / (2 * width)));
    context.beginPath();
    for (let index = 0; index <= this.#last; index += step) {
      const value = this.#values[index];
      if (!Number.isNaN(value)) context.lineTo((index / this.#last) * width, y(value));
    }
    context.strokeStyle = this.#colour("text");
    context.stroke();
  }
}
