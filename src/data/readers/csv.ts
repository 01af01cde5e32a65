/** Tables of numbers with a label in one column, as text; records and quotes by csv-parse. */
import { CsvError, parse } from 'csv-parse/browser/esm/sync';
import { messages, printable, shown, UserError } from '../../errors.ts';
import { joined, type LabelledPoints } from './labelled.ts';

/** How a table is to be read; what is left out is told from the table. */
export interface CsvChoice {
  /** one character between columns; left out: that of comma, semicolon and tab which the first line has most of */
  readonly separator?: string;
  /** whether the first row names the columns; left out: when none of its cells is a number */
  readonly header?: boolean;
  /**
   * the column of labels by its name or its place, 0 first; left out: the one that is called label, class, target or y,
   * else the last
   */
  readonly label?: string | number;
}

const SEPARATORS = [',', ';', '\t'];
const LABEL_NAMES = ['label', 'class', 'target', 'y'];
const NUMBER = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i;
/** Characters of one row: a quote that is not closed would take the rest of the file. */
const LONGEST_ROW = 10_000_000;
const FIRST_LINE = 100_000;

/**
 * The points of a table, all columns but the label's. A first row as scikit-learn writes it (rows, columns, names of the
 * classes) is passed over, and blank lines are.
 *
 * @param name what the file is called in errors
 * @throws UserError with the line and the column where it is wrong, both counted from 1
 */
export function parseCsv(bytes: Uint8Array, name: string, choice: CsvChoice = {}): LabelledPoints {
  const refuse = (why: string): never => {
    throw new UserError(messages.badData(name, why));
  };
  const { separator = mostFrequent(bytes) } = choice;
  if (separator.length !== 1 || /["\r\n]/.test(separator))
    refuse(`separator: must be one character, no quote and no line end, got ${shown(separator)}`);
  const table = new Table(name, choice);
  try {
    parse(withoutMark(bytes), {
      delimiter: separator,
      skip_empty_lines: true,
      relax_column_count: true,
      max_record_size: LONGEST_ROW,
      info: true,
      on_record: (entry) => {
        const { record, info } = entry as unknown as { record: string[]; info: { lines: number } };
        table.take(record, info.lines);
        return null;
      },
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const { lines, column } = error as { lines?: number; column?: string | number };
    refuse(`line ${lines ?? '?'}, column ${Number(column ?? 0) + 1}: ${REASONS[error.code] ?? error.code}`);
  }
  return table.points();
}

/** Plain bytes without the byte order mark. */
const withoutMark = (bytes: Uint8Array): Uint8Array =>
  new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length).subarray(
    bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0,
  );

/** csv-parse's codes in words. */
const REASONS: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quote is not closed',
  CSV_INVALID_CLOSING_QUOTE: 'a quote is closed, and more follows before the next separator',
  INVALID_OPENING_QUOTE: 'a quote within a cell that does not begin with one',
  CSV_MAX_RECORD_SIZE: `a row of more than ${LONGEST_ROW} characters`,
};

function mostFrequent(bytes: Uint8Array): string {
  const [line = ''] = new TextDecoder().decode(bytes.subarray(0, FIRST_LINE)).split(/[\r\n]/, 1);
  const counts = SEPARATORS.map((separator) => line.split(separator).length);
  return SEPARATORS[counts.indexOf(Math.max(...counts))]!;
}

/** Numbers that become more. */
class Growing {
  private held = new Float64Array(1024);
  length = 0;
  push(x: number): void {
    if (this.length === this.held.length) {
      const more = new Float64Array(2 * this.length);
      more.set(this.held);
      this.held = more;
    }
    this.held[this.length++] = x;
  }
  all(): Float64Array {
    return this.held.slice(0, this.length);
  }
}

const isNumber = (cell: string): boolean => NUMBER.test(cell) && Number.isFinite(Number(cell));

/** Rows one by one: no more of the text is kept than the labels that are words. */
class Table {
  private readonly name: string;
  private readonly choice: CsvChoice;
  private columns = 0;
  private header: readonly string[] = [];
  /** place of the label */
  private label = -1;
  /** rows that scikit-learn's first line promises, and that line */
  private promised: { readonly rows: number; readonly line: readonly string[] } | undefined;
  private started = false;
  private rows = 0;
  private readonly values = new Growing();
  private readonly labels: string[] = [];

  constructor(name: string, choice: CsvChoice) {
    this.name = name;
    this.choice = choice;
  }

  private refuse(why: string): never {
    throw new UserError(messages.badData(this.name, why));
  }

  /** @param line where the row ends, from 1 */
  take(cells: readonly string[], line: number): void {
    if (!this.started) {
      this.started = true;
      const names = this.choice.header ?? !cells.some(isNumber);
      if (names) return this.named(cells);
      // Numbers of rows and columns; whether it is that, the second row tells.
      const counts = cells.length >= 2 && cells.slice(0, 2).every((cell) => /^\d{1,9}$/.test(cell));
      if (this.choice.header === undefined && counts) {
        this.promised = { rows: Number(cells[0]), line: cells };
        return;
      }
    }
    if (this.promised && this.columns === 0) this.second(cells, line);
    this.row(cells, line);
  }

  private named(cells: readonly string[]): void {
    this.header = cells.map((cell) => cell.trim());
    this.columns = cells.length;
    this.label = this.place();
  }

  /** The first line was scikit-learn's, or a row as all others. */
  private second(cells: readonly string[], line: number): void {
    const { line: first } = this.promised!;
    const words = first.slice(2).filter((cell) => !isNumber(cell)).length;
    if (Number(first[1]) === cells.length - 1 && words > (first.length === cells.length ? 1 : 0)) return;
    this.promised = undefined;
    this.row(first, line - 1);
  }

  private row(cells: readonly string[], line: number): void {
    if (this.columns === 0) {
      this.columns = cells.length;
      this.label = this.place();
    }
    if (this.columns < 2) this.refuse(`line ${line}: one column, and a label and numbers need two; name the separator`);
    if (cells.length !== this.columns)
      this.refuse(`line ${line}: ${cells.length} columns, the first has ${this.columns}`);
    for (let at = 0; at < cells.length; at++) {
      const cell = cells[at]!;
      if (at === this.label) this.labels.push(cell.trim());
      else if (isNumber(cell)) this.values.push(Number(cell));
      else
        this.refuse(
          `line ${line}, column ${at + 1}${this.calls(at)}: must be a number, got ${printable(shown(cell))}${this.rows === 0 ? '; does the first row name the columns?' : ''}`,
        );
    }
    this.rows++;
  }

  private calls(at: number): string {
    const called = this.header[at];
    return called === undefined ? '' : ` (${printable(called.slice(0, 40)).replaceAll('\n', ' ')})`;
  }

  /** Of the column of labels. */
  private place(): number {
    const { label } = this.choice;
    const { header, columns } = this;
    if (typeof label === 'number') {
      if (Number.isInteger(label) && label >= 0 && label < columns) return label;
      return this.refuse(`label: must be a column, an integer in [0, ${columns}), got ${shown(label)}`);
    }
    if (label !== undefined) {
      const at = header.indexOf(label);
      if (at >= 0 && header.indexOf(label, at + 1) < 0) return at;
      return this.refuse(
        at >= 0
          ? `label: two columns are called ${shown(label)}`
          : `label: no column is called ${shown(label)}${header.length > 0 ? '' : ', since the first row names none'}`,
      );
    }
    const usual = header.flatMap((called, at) => (LABEL_NAMES.includes(called.toLowerCase()) ? [at] : []));
    return usual.length === 1 ? usual[0]! : columns - 1;
  }

  points(): LabelledPoints {
    const { promised, labels, columns, rows } = this;
    if (promised && columns === 0) this.refuse('one row alone, and it is no point with a label');
    if (rows === 0) this.refuse('no rows with numbers');
    if (promised && promised.rows !== rows)
      this.refuse(`line 1: says that ${promised.rows} rows follow, and ${rows} do`);
    const empty = labels.indexOf('');
    if (empty >= 0) this.refuse(`point ${empty + 1}: has no label`);
    const word = labels.findIndex((label) => !isNumber(label));
    const numbers = word < 0;
    if (!numbers && labels.some(isNumber))
      this.refuse(`point ${word + 1}: its label ${printable(shown(labels[word]))} is no number, and others are`);
    const classNames = numbers ? undefined : [...new Set(labels)].sort();
    const places = new Map(classNames?.map((word, k) => [word, k]));
    const points = joined(
      { shape: [rows, columns - 1], dtype: 'f8', values: this.values.all() },
      this.name,
      {
        shape: [rows],
        dtype: 'f8',
        values: Float64Array.from(labels, (label) => (numbers ? Number(label) : places.get(label)!)),
      },
      this.name,
    );
    return classNames ? { ...points, classNames } : points;
  }
}
