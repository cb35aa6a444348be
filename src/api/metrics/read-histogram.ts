import {
  Histogram,
  type HistogramConfiguration,
  type MetricObjectWithValues,
  type MetricValueWithName,
} from 'prom-client';

/** What a histogram says for one set of labels. */
export interface HistogramSample<Label extends string> {
  labels: Readonly<Record<Label, string>>;
  /** For each bucket those that are in none before it; the last is of those in none. */
  counts: readonly number[];
  sum: number;
}

/** A histogram that is counted elsewhere, and read when somebody asks. */
export class ReadHistogram<Label extends string> extends Histogram<Label> {
  readonly #text: { name: string; help: string };
  readonly #bounds: readonly number[];
  readonly #read: () => readonly HistogramSample<Label>[];

  constructor(
    config: HistogramConfiguration<Label> & { buckets: number[] },
    read: () => readonly HistogramSample<Label>[],
  ) {
    super(config);
    this.#text = config;
    this.#bounds = config.buckets;
    this.#read = read;
  }

  override get(): Promise<MetricObjectWithValues<MetricValueWithName<Label>>> {
    const { name, help } = this.#text;
    const values = this.#read().flatMap((sample) => this.#values(name, sample));
    // What prom-client calls the type is a number in its declarations, and this word in what it reads.
    const type = 'histogram' as unknown as MetricObjectWithValues<MetricValueWithName<Label>>['type'];
    return Promise.resolve({ name, help, type, aggregator: 'sum', collect: () => undefined, values });
  }

  /** What the registry calls, where it is there, in place of `get`. */
  getForPromString(): ReturnType<Histogram<Label>['get']> {
    return this.get();
  }

  #values(name: string, { labels, counts, sum }: HistogramSample<Label>): MetricValueWithName<Label>[] {
    let total = 0;
    const buckets = counts.map((count, index) => {
      total += count;
      const le = this.#bounds[index] ?? '+Inf';
      return { metricName: `${name}_bucket`, labels: { le, ...labels }, value: total };
    });
    const rest = [
      { metricName: `${name}_sum`, labels, value: sum },
      { metricName: `${name}_count`, labels, value: total },
    ];
    return [...buckets, ...rest] as MetricValueWithName<Label>[];
  }
}
