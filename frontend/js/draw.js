// A chart over days: panes with lines, columns and bands, shaded spans, marked days.
import {
  createChart,
  ColorType,
  CrosshairMode,
  HistogramSeries,
  LineSeries,
  LineStyle,
  LineType,
  TickMarkType,
} from "lightweight-charts";
import { Band } from "./band.js";
import { Brush } from "./brush.js";
import { Marks, Shades } from "./ground.js";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const BRUSHED = 60; // fewer days need no strip to move among them
const MANY = 6; // more lines than these are thin: told apart better, and painted in a frame while the chart is dragged
const QUIET = { lastValueVisible: false, priceLineVisible: false };
const FORMS = {
  solid: {},
  dashed: { lineStyle: LineStyle.Dashed },
  steps: { lineType: LineType.WithSteps },
};

export class TimeChart {
  #host;
  #chart;
  #times;
  #onPoint;
  #panes = []; // { format, height } as added
  #whole; // the line that stands for the chart in the strip below it
  #lines = []; // { series, values }: what a crosshair can stand on
  #strokes = []; // the lines among them
  #painters = []; // each colours one layer anew
  #shades;
  #brush;
  #watch;
  #selected; // by the keys
  #pointed = false;

  constructor(host, times, onPoint) {
    this.#host = host;
    this.#times = times;
    this.#onPoint = onPoint;
    this.#chart = createChart(host, shape());
    this.#painters.push((colour) =>
      this.#chart.applyOptions({
        layout: { textColor: colour("text"), panes: { separatorColor: colour("grid") } },
        grid: { horzLines: { color: colour("grid") } },
        crosshair: { vertLine: { color: colour("cross"), labelBackgroundColor: colour("label") } },
      }),
    );
    this.#recolour();
    this.#chart.subscribeCrosshairMove((event) => this.#hear(event));
    this.#chart.timeScale().subscribeVisibleLogicalRangeChange(() => this.#stand());
    this.#watch = new MutationObserver(() => this.#recolour());
    this.#watch.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  }

  /// Adds a pane below the others; what is added next is drawn in it. How its numbers are written, and its height
  /// relative to the others'.
  pane(prefix, suffix, digits, signed, height) {
    const number = new Intl.NumberFormat("en-GB", {
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
      signDisplay: signed ? "exceptZero" : "auto",
    });
    const write = (value) => {
      const text = number.format(value).replace("-", "\u2212");
      const sign = /^[\u2212+]/.test(text) ? text[0] : "";
      return sign + prefix + text.slice(sign.length) + suffix;
    };
    this.#panes.push({ format: { type: "custom", minMove: 0.01, formatter: write }, height });
  }

  /// Adds a line in the form `solid`, `dashed` or `steps`.
  line(token, form, values) {
    const series = this.#add(LineSeries, { lineWidth: 2, priceLineVisible: false, ...FORMS[form] });
    series.setData(this.#rows((index) => ({ value: values[index] }), values));
    this.#lines.push({ series, values });
    this.#strokes.push(series);
    if (this.#strokes.length > MANY) for (const stroke of this.#strokes) stroke.applyOptions({ lineWidth: 1 });
    if (this.#panes.length === 1) this.#whole = values;
    this.#paint((colour) => series.applyOptions({ color: colour(token) }));
  }

  /// Adds columns from zero, in one colour above it and another below.
  columns(values) {
    const series = this.#add(HistogramSeries, { ...QUIET, base: 0 });
    series.priceScale().applyOptions({ scaleMargins: { top: 0.15, bottom: 0.15 } });
    this.#lines.push({ series, values });
    // The columns carry their colour with their data, so a change of theme sets the data again.
    this.#paint((colour) => {
      const [over, under] = [colour("over"), colour("under")];
      const column = (index) => ({ value: values[index], color: values[index] > 0 ? over : under });
      series.setData(this.#rows(column, values));
    });
  }

  /// Adds the space between two lines; NaN where there is none.
  band(token, lowers, uppers) {
    const pane = this.#panes.length - 1;
    const series = this.#chart.addCustomSeries(new Band(), { ...QUIET, priceFormat: this.#panes[pane].format }, pane);
    this.#stretch();
    series.setData(this.#rows((index) => ({ lower: lowers[index], upper: uppers[index] }), lowers));
    this.#paint((colour) => series.applyOptions({ color: colour(token) }));
  }

  /// Gives the days from index `from` to `to` another ground.
  shade(token, from, to) {
    if (!this.#shades) {
      this.#shades = new Shades(this.#chart);
      for (const pane of this.#chart.panes()) pane.attachPrimitive(this.#shades);
    }
    const shade = { from, to };
    this.#shades.add(shade);
    this.#paint((colour) => (shade.colour = colour(token)));
  }

  /// Marks days at the bottom of the first pane.
  mark(indices) {
    const marks = new Marks(this.#chart, indices);
    this.#chart.panes()[0].attachPrimitive(marks);
    this.#paint((colour) => (marks.colour = colour("mark")));
  }

  /// Shows the days from index `first` to `last`.
  show(first, last) {
    if (!this.#brush && this.#whole?.length > BRUSHED) {
      this.#brush = new Brush(this.#host, this.#chart.timeScale(), this.#whole);
      this.#paint((colour) => this.#brush.paint(colour));
    }
    // The library counts both ends.
    this.#chart.timeScale().setVisibleLogicalRange({ from: first, to: last });
  }

  /// Puts the crosshair on a day, moving it into view.
  select(index) {
    this.#selected = index;
    const scale = this.#chart.timeScale();
    const seen = scale.getVisibleLogicalRange();
    if (seen && (index < seen.from || index > seen.to)) {
      const half = (seen.to - seen.from) / 2;
      scale.setVisibleLogicalRange({ from: index - half, to: index + half });
    }
    this.#stand();
  }

  /// Takes the crosshair away.
  unselect() {
    this.#selected = undefined;
    this.#chart.clearCrosshairPosition();
  }

  /// Frees everything.
  close() {
    this.#watch.disconnect();
    this.#brush?.close();
    this.#chart.remove();
  }

  #add(kind, options) {
    const pane = this.#panes.length - 1;
    const series = this.#chart.addSeries(kind, { ...options, priceFormat: this.#panes[pane].format }, pane);
    this.#stretch();
    return series;
  }

  #stretch() {
    this.#chart.panes().forEach((pane, index) => pane.setStretchFactor(this.#panes[index].height));
  }

  // A row a day, so that all layers share their places; a day without a value is a row without one.
  #rows(row, values) {
    return Array.from(this.#times, (time, index) =>
      Number.isNaN(values[index]) ? { time } : { time, ...row(index) },
    );
  }

  #paint(painter) {
    this.#painters.push(painter);
    painter(palette());
  }

  #recolour() {
    const colour = palette();
    for (const painter of this.#painters) painter(colour);
  }

  // The crosshair keeps its place on the screen when the chart moves; it should keep its day.
  #stand() {
    const index = this.#selected;
    if (index === undefined) return;
    const line = this.#lines.find(({ values }) => !Number.isNaN(values[index]));
    if (line) this.#chart.setCrosshairPosition(line.values[index], this.#times[index], line.series);
  }

  // Only what the pointer does is news: what the keys do comes from the other side. A pointer that rests is on another day when the
  // chart moves under it.
  #hear({ logical, sourceEvent }) {
    const rests = this.#pointed && this.#selected === undefined;
    if ((sourceEvent || rests) && logical >= 0 && logical < this.#times.length) {
      this.#pointed = true;
      this.#selected = undefined;
      this.#onPoint(logical);
    } else if (logical === undefined && this.#pointed) {
      this.#pointed = false;
      this.#onPoint(undefined);
    }
  }
}

// The colours of the theme that holds now, by token.
function palette() {
  const style = getComputedStyle(document.documentElement);
  return (token) => style.getPropertyValue(`--chart-${token}`).trim();
}

// Dates as on the rest of the page, whatever the browser's language: `23 Sep 2024`.
function day(seconds, withYear) {
  const date = new Date(1000 * seconds);
  const text = `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`;
  return withYear ? `${text} ${date.getUTCFullYear()}` : text;
}

function tick(seconds, type) {
  const date = new Date(1000 * seconds);
  if (type === TickMarkType.Year) return String(date.getUTCFullYear());
  return type === TickMarkType.Month ? MONTHS[date.getUTCMonth()] : day(seconds, false);
}

// The page scrolls under a finger or a wheel that passes over the chart; the attribution stands in the page's footer.
function shape() {
  return {
    autoSize: true,
    layout: {
      attributionLogo: false,
      background: { type: ColorType.Solid, color: "transparent" },
      fontFamily: getComputedStyle(document.body).fontFamily,
      fontSize: 12,
      panes: { enableResize: false },
    },
    grid: { vertLines: { visible: false } },
    crosshair: { mode: CrosshairMode.Magnet, vertLine: { width: 1, style: LineStyle.Solid }, horzLine: { visible: false, labelVisible: false } },
    rightPriceScale: { borderVisible: false, entireTextOnly: true },
    timeScale: {
      borderVisible: false,
      fixLeftEdge: true,
      fixRightEdge: true,
      minBarSpacing: 0.01,
      lockVisibleTimeRangeOnResize: true,
      enableConflation: true, // decades of days are more than there are pixels
      tickMarkFormatter: tick,
    },
    localization: { timeFormatter: (seconds) => day(seconds, true) },
    handleScroll: { vertTouchDrag: false, mouseWheel: false },
    handleScale: { mouseWheel: false, axisPressedMouseMove: false },
  };
}
