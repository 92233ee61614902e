// A series of the chart library that fills the space between a lower and an upper line.
export class Band {
  #renderer = new BandRenderer();

  renderer() {
    return this.#renderer;
  }

  update(data, options) {
    this.#renderer.update(data, options);
  }

  // The scale must hold both ends; the last number is the one that a crosshair would read.
  priceValueBuilder(row) {
    return [row.lower, row.upper, row.upper];
  }

  isWhitespace(row) {
    return row.lower === undefined;
  }

  // Where days lie closer than pixels, one stands for several: the widest of them.
  conflationReducer(one, other) {
    const [a, b] = [one.data, other.data];
    return { ...b, lower: Math.min(a.lower, b.lower), upper: Math.max(a.upper, b.upper) };
  }

  defaultOptions() {
    return { color: "transparent" };
  }
}

class BandRenderer {
  #data;
  #options;

  update(data, options) {
    this.#data = data;
    this.#options = options;
  }

  draw(target, toY) {
    target.useBitmapCoordinateSpace(({ context, horizontalPixelRatio, verticalPixelRatio }) => {
      if (!this.#data?.visibleRange) {
        return;
      }
      const { from, to } = this.#data.visibleRange;
      // Only these bars have a place on the screen; those outside keep an old one.
      const bars = this.#data.bars.slice(from, to);
      const points = (end) =>
        bars.map((bar) => [bar.x * horizontalPixelRatio, toY(bar.originalData[end]) * verticalPixelRatio]);
      context.beginPath();
      for (const [x, y] of [...points("upper"), ...points("lower").reverse()]) {
        context.lineTo(x, y);
      }
      context.closePath();
      context.fillStyle = this.#options.color;
      context.fill();
    });
  }
}
