/** Golden records against those made now: what changed, what was only added, what is gone. */

interface Golden {
  readonly run: string;
  readonly seed: number;
  readonly science: number;
  readonly values?: Readonly<Record<string, unknown>>;
  readonly series?: Readonly<Record<string, unknown>>;
}

export interface Difference {
  /** lines whose run stands in the stored ones with another bit in what both of them keep */
  readonly changed: readonly string[];
  /** lines of runs, or of more observables of a run, that the stored ones lack */
  readonly added: readonly string[];
  /** stored lines that nothing makes any more */
  readonly gone: readonly string[];
}

/** Two records of one run agree where both say something: presets may keep different observables of it. */
function agree(a: Golden, b: Golden): boolean {
  for (const part of ['values', 'series'] as const)
    for (const [id, value] of Object.entries(a[part] ?? {})) {
      const other = b[part]?.[id];
      // A series has its own stride.
      const sameTimes = JSON.stringify(a.series?.['step']) === JSON.stringify(b.series?.['step']);
      if (other !== undefined && (part === 'values' || sameTimes) && JSON.stringify(other) !== JSON.stringify(value))
        return false;
    }
  const bare = ({ values: _values, series: _series, ...rest }: Golden): string => JSON.stringify(rest);
  return bare(a) === bare(b);
}

/** Compares lines by what they are of, not by where they stand. */
export function compareGolden(ours: readonly string[], stored: readonly string[]): Difference {
  const keyOf = (line: string): string => {
    const { run, seed } = JSON.parse(line) as Golden;
    return `${run} ${seed}`;
  };
  const byKey = new Map<string, string[]>();
  for (const line of stored) byKey.set(keyOf(line), [...(byKey.get(keyOf(line)) ?? []), line]);
  const changed: string[] = [];
  const added: string[] = [];
  const known = new Set(stored);
  for (const line of new Set(ours)) {
    if (known.has(line)) continue;
    const same = byKey.get(keyOf(line)) ?? [];
    const record = JSON.parse(line) as Golden;
    if (same.some((one) => !agree(record, JSON.parse(one) as Golden))) changed.push(line);
    else added.push(line);
  }
  const made = new Set(ours);
  const changedKeys = new Set(changed.map(keyOf));
  const gone = [...known].filter((line) => !made.has(line) && !changedKeys.has(keyOf(line)));
  return { changed, added, gone };
}
