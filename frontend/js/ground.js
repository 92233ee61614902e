// What lies behind the lines of a chart: shaded spans of days, and marks at the bottom of marked ones.

// Draws below the series of its pane, on places that the time scale gives to indices of days.
class Ground {
  // The library asks for the same array again and again.
  #views = [
    {
      zOrder: () => "bottom",
      renderer: () => ({
        draw: (target) => target.useMediaCoordinateSpace(({ context, mediaSize }) => this.draw(context, mediaSize)),
      }),
    },
  ];

  constructor(chart) {
    this.chart = chart;
  }

  paneViews() {
    return this.#views;
  }

  place(index) {
    return this.chart.timeScale().logicalToCoordinate(index);
  }
}

export class Shades extends Ground {
  #shades = [];

  add(shade) {
    this.#shades.push(shade);
  }

  draw(context, { width, height }) {
    // Half a day to either side, so that a span of one day has a width.
    const half = this.chart.timeScale().options().barSpacing / 2;
    for (const { from, to, colour } of this.#shades) {
      const left = Math.max(0, this.place(from) - half);
      const right = Math.min(width, this.place(to) + half);
      if (right <= left) continue;
      context.fillStyle = colour;
      context.fillRect(left, 0, right - left, height);
    }
  }
}

const MARK = 4; // half a mark's width, in pixels

export class Marks extends Ground {
  #indices;

  constructor(chart, indices) {
    super(chart);
    this.#indices = indices;
  }

  draw(context, { width, height }) {
    context.fillStyle = this.colour;
    let last = -Infinity;
    for (const index of this.#indices) {
      const x = this.place(index);
      // Marks that would lie on each other are one.
      if (x === null || x < 0 || x > width || x - last < MARK / 2) continue;
      last = x;
      context.beginPath();
      context.moveTo(x, height - 2 * MARK);
      context.lineTo(x + MARK, height);
      context.lineTo(x - MARK, height);
      context.fill();
    }
  }
}
