/** A lab: the standard shelves, and the parts of one's own that were put beside them. */
import { messages, UserError } from '../errors.ts';
import { declare, equip, partsOf, type Declaration } from '../experiments/own.ts';
import { parseSpec, specFrom } from '../experiments/spec-text.ts';
import type { Spec, SpecInput } from '../experiments/spec.ts';
import type { Part } from './part.ts';

/** A value; `with` makes another one. The shelves of a thread hold the parts of all its labs. */
export class Lab {
  readonly parts: readonly Part[];

  constructor(parts: readonly Part[] = []) {
    this.parts = parts;
  }

  /**
   * This lab with parts of one's own, made by `dataModel`, `observable` and the like. Worker threads import the module
   * that says so: it must do nothing else.
   *
   * @throws UserError when an id or a parameter's key is taken by a part that says something else
   */
  with(...parts: readonly Part[]): Lab {
    for (const part of parts as readonly (Part | undefined)[]) {
      if (part?.declaration === undefined || part.compute === undefined)
        throw new UserError(messages.notAPart(part instanceof Lab ? 'a lab' : typeof part));
      declare(part.declaration);
      equip(part.declaration.id, part.compute);
    }
    return new Lab([...new Set([...this.parts, ...parts])]);
  }

  /**
   * A spec from plain data, or from text in YAML or JSON.
   *
   * @throws UserError with everything that is wrong with it, one sentence a line
   */
  spec(input: SpecInput | string): Spec {
    const spec = typeof input === 'string' ? parseSpec(input, 'the spec') : specFrom(input, 'the spec');
    this.check(spec);
    return spec;
  }

  /** @throws UserError where a spec asks for a part that this lab does not have */
  check(spec: Spec): void {
    const known = this.parts.map(({ declaration: { id } }) => id);
    for (const id of partsOf(spec)) if (!known.includes(id)) throw new UserError(messages.partUnknown(id, known));
  }

  /** What is known of the parts that a spec asks for, without their functions. */
  declarations(spec: Spec): readonly Declaration[] {
    const used = partsOf(spec);
    return this.parts.flatMap(({ declaration }) => (used.includes(declaration.id) ? [declaration] : []));
  }
}

/** The standard shelves alone. */
export const lab = new Lab();
