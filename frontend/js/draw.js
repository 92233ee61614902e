// Price against the model's value with the interval between two lines, and the gap as columns below.
import {
  createChart,
  ColorType,
  CrosshairMode,
  HistogramSeries,
  LineSeries,
  LineStyle,
  TickMarkType,
} from "lightweight-charts";
import { Band } from "./band.js";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const QUIET = { lastValueVisible: false, priceLineVisible: false };

export class ValuationChart {
  #chart;
  #series;
  #data;
  #watch;
  #selected; // by the keys
  #pointed = false;

  constructor(host, data) {
    this.#data = data;
    const number = new Intl.NumberFormat("en-GB", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
    const percent = new Intl.NumberFormat("en-GB", { signDisplay: "exceptZero", maximumFractionDigits: 1, minimumFractionDigits: 1 });
    const price = { type: "custom", minMove: 0.01, formatter: (value) => data.symbol + number.format(value) };
    const gap = { type: "custom", minMove: 0.01, formatter: (value) => percent.format(value).replace("-", "\u2212") + "%" };
    this.#chart = createChart(host, shape());
    this.#series = {
      band: this.#chart.addCustomSeries(new Band(), { ...QUIET, priceFormat: price }),
      valuation: this.#chart.addSeries(LineSeries, { lineWidth: 2, lineStyle: LineStyle.Dashed, priceLineVisible: false, priceFormat: price }),
      price: this.#chart.addSeries(LineSeries, { lineWidth: 2, priceLineVisible: false, priceFormat: price }),
      gap: this.#chart.addSeries(HistogramSeries, { ...QUIET, priceFormat: gap, base: 0 }, 1),
    };
    this.#series.gap.priceScale().applyOptions({ scaleMargins: { top: 0.15, bottom: 0.15 } });
    const [upper, lower] = this.#chart.panes();
    upper.setStretchFactor(7);
    lower.setStretchFactor(3);
    this.#recolour();
    this.#chart.subscribeCrosshairMove((event) => this.#hear(event));
    this.#chart.timeScale().subscribeVisibleLogicalRangeChange(() => this.#mark());
    this.#watch = new MutationObserver(() => this.#recolour());
    this.#watch.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  }

  /// Shows the days from index `first` to the newest.
  show(first) {
    this.#chart.timeScale().setVisibleLogicalRange({ from: first - 0.5, to: this.#data.times.length - 0.5 });
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
    this.#mark();
  }

  /// Takes the crosshair away.
  unselect() {
    this.#selected = undefined;
    this.#chart.clearCrosshairPosition();
  }

  /// Frees everything.
  close() {
    this.#watch.disconnect();
    this.#chart.remove();
  }

  // The crosshair keeps its place on the screen when the chart moves; it should keep its day.
  #mark() {
    const index = this.#selected;
    if (index !== undefined) {
      this.#chart.setCrosshairPosition(this.#data.prices[index], this.#data.times[index], this.#series.price);
    }
  }

  // Only what the pointer does is news: what the keys do comes from the other side.
  #hear({ logical, sourceEvent }) {
    if (sourceEvent && logical >= 0 && logical < this.#data.times.length) {
      this.#pointed = true;
      this.#selected = undefined;
      this.#data.onPoint(logical);
    } else if (logical === undefined && this.#pointed) {
      this.#pointed = false;
      this.#data.onPoint(undefined);
    }
  }

  #recolour() {
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue(`--chart-${name}`).trim();
    this.#chart.applyOptions({
      layout: { textColor: colour("text"), panes: { separatorColor: colour("grid") } },
      grid: { horzLines: { color: colour("grid") } },
      crosshair: {
        vertLine: { color: colour("cross"), labelBackgroundColor: colour("label") },
      },
    });
    this.#series.band.applyOptions({ color: colour("band") });
    this.#series.price.applyOptions({ color: colour("price") });
    this.#series.valuation.applyOptions({ color: colour("value") });
    this.#fill(colour("over"), colour("under"));
  }

  // The columns carry their colour with their data, so a change of theme sets the data again.
  #fill(over, under) {
    const { times, prices, valuations, lowers, uppers } = this.#data;
    const rows = Array.from(times, (time, index) => ({ time, index }));
    const gapOf = (index) => 100 * (prices[index] / valuations[index] - 1);
    this.#series.band.setData(
      rows.map(({ time, index }) =>
        Number.isNaN(lowers[index]) ? { time } : { time, lower: lowers[index], upper: uppers[index] },
      ),
    );
    this.#series.price.setData(rows.map(({ time, index }) => ({ time, value: prices[index] })));
    this.#series.valuation.setData(rows.map(({ time, index }) => ({ time, value: valuations[index] })));
    this.#series.gap.setData(
      rows.map(({ time, index }) => ({ time, value: gapOf(index), color: gapOf(index) > 0 ? over : under })),
    );
  }
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
    rightPriceScale: { borderVisible: false },
    timeScale: { borderVisible: false, fixLeftEdge: true, fixRightEdge: true, minBarSpacing: 0.1, tickMarkFormatter: tick },
    localization: { timeFormatter: (seconds) => day(seconds, true) },
    handleScroll: { vertTouchDrag: false, mouseWheel: false },
    handleScale: { mouseWheel: false, axisPressedMouseMove: false },
  };
}
