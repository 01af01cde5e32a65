/** Formulas that a user writes, `n*mu^4/(sigmaP^4*d)`: parsed by jsep, evaluated here over numbers, never run as code. */
import * as parser from 'jsep';
import { messages, UserError } from '../errors.ts';
import { exp, log } from './special.ts';

/** A formula over names. */
export interface Expression {
  /** every name in it, once: `n`, `data.d`, `‖μ‖` */
  readonly names: readonly string[];
  /** the name, where the formula is nothing else */
  readonly name?: string;
  /** its number where every name has one; NaN where one is lacking, or outside a function's range */
  readonly value: (of: (name: string) => number) => number;
}

type Node = parser.Expression;
type Value = Expression['value'];

/** What of jsep's parser is used and replaced; its declarations leave the class out. */
interface Parser {
  readonly code: number;
  index: number;
  gobbleSpaces(): void;
  gobbleToken(): Node | false | undefined;
  gobbleBinaryOp(): string | false;
  throwError(message: string): never;
  parse(): Node;
}
const { Jsep } = parser as unknown as { readonly Jsep: new (text: string) => Parser };

const MINUS = '-'.charCodeAt(0);
const CARET = '^'.charCodeAt(0);

/** ^ is a power, and a sign binds less tightly than one: -x^2 is -(x^2). */
class Formula extends Jsep {
  override gobbleToken(): Node | false | undefined {
    this.gobbleSpaces();
    if (this.code !== MINUS) return super.gobbleToken();
    this.index++;
    return { type: 'UnaryExpression', operator: '-', argument: this.power(), prefix: true };
  }

  private power(): Node {
    const base = this.gobbleToken();
    if (!base) this.throwError('a number or a name is missing');
    const here = this.index;
    if (this.gobbleBinaryOp() === '**')
      return { type: 'BinaryExpression', operator: '**', left: base, right: this.power() };
    this.index = here;
    return base;
  }

  override gobbleBinaryOp(): string | false {
    this.gobbleSpaces();
    if (this.code !== CARET) return super.gobbleBinaryOp();
    this.index++;
    return '**';
  }
}

const FUNCTIONS: Readonly<Record<string, (...x: number[]) => number>> = {
  sqrt: (x) => Math.sqrt(x!),
  log: (x) => log(x!),
  log10: (x) => log(x!) / log(10),
  abs: (x) => Math.abs(x!),
  min: (...x) => Math.min(...x),
  max: (...x) => Math.max(...x),
};
/** Those that take any number of arguments; the others take one. */
const MANY = new Set(['min', 'max']);

/** A whole power by multiplication, so that x^2 is x x; another by the laboratory's own exp and log. */
function raised(x: number, power: number): number {
  if (Number.isInteger(power) && Math.abs(power) <= 64) {
    let product = 1;
    for (let i = 0; i < Math.abs(power); i++) product *= x;
    return power < 0 ? 1 / product : product;
  }
  return x === 0 ? (power > 0 ? 0 : Infinity) : exp(power * log(x));
}

const OPERATORS: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '**': raised,
};

/**
 * Reads a formula of numbers, names, + - * / ^, brackets, sqrt, log (natural), log10, abs, min and max.
 *
 * @param where begins the sentence of an error: `--x n*mu^^4`
 * @throws UserError for anything else
 */
export function parseExpression(text: string, where: string): Expression {
  let tree: Node;
  try {
    tree = new Formula(text).parse();
  } catch (error) {
    throw new UserError(
      messages.formula(where, (error as Error).message.replace(/ at character \d+$/, '').replaceAll('**', '^')),
    );
  }
  const names = new Set<string>();
  const value = compile(tree, where, names);
  const name = nameOf(tree);
  return { names: [...names], ...(name !== undefined && { name }), value };
}

/** `n`, `data.d` */
function nameOf(node: Node): string | undefined {
  if (node.type === 'Identifier') return (node as parser.Identifier).name;
  if (node.type !== 'MemberExpression') return undefined;
  const { object, property, computed } = node as parser.MemberExpression;
  const [room, key] = [nameOf(object), nameOf(property)];
  return computed || room === undefined || key === undefined ? undefined : `${room}.${key}`;
}

function compile(node: Node, where: string, names: Set<string>): Value {
  const inner = (one: Node): Value => compile(one, where, names);
  const refuse = (what: string): never => {
    throw new UserError(messages.formula(where, what));
  };
  const name = nameOf(node);
  if (name !== undefined) {
    names.add(name);
    return (of) => of(name);
  }
  switch (node.type) {
    case 'Literal': {
      const { value, raw } = node as parser.Literal;
      return typeof value === 'number' && Number.isFinite(value) ? () => value : refuse(`${raw} is no number`);
    }
    case 'UnaryExpression': {
      const { operator, argument } = node as parser.UnaryExpression;
      const of = inner(argument);
      if (operator === '+') return of;
      return operator === '-' ? (x) => -of(x) : refuse(`there is no ${operator}`);
    }
    case 'BinaryExpression': {
      const { operator, left, right } = node as parser.BinaryExpression;
      const apply = OPERATORS[operator] ?? refuse(`there is no ${operator}; + - * / ^ are`);
      const [a, b] = [inner(left), inner(right)];
      return (of) => apply(a(of), b(of));
    }
    case 'CallExpression': {
      const { callee, arguments: given } = node as parser.CallExpression;
      const called = nameOf(callee) ?? '';
      const apply = Object.hasOwn(FUNCTIONS, called)
        ? FUNCTIONS[called]!
        : refuse(`there is no function ${called}; ${Object.keys(FUNCTIONS).join(', ')} are`);
      if (MANY.has(called) ? given.length === 0 : given.length !== 1)
        refuse(`${called} takes ${MANY.has(called) ? 'an argument or more' : 'one argument'}, got ${given.length}`);
      const values = given.map(inner);
      return (of) => apply(...values.map((one) => one(of)));
    }
    default:
      return refuse('it must be one formula of numbers, names, + - * / ^ and brackets');
  }
}
