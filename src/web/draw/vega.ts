/**
 * Vega for a page: its expressions are interpreted, for the page's security policy lets nobody make functions of text.
 * The page's build hands this to `figures/render.ts` in Vega's place (scripts/web.mjs).
 */
import { parse as parsed, View as Compiled, type Runtime, type Spec, type ViewOptions } from 'vega';
import { expressionInterpreter } from 'vega-interpreter';

export * from 'vega';

export const parse = (spec: Spec): Runtime => parsed(spec, undefined, { ast: true });

export class View extends Compiled {
  constructor(runtime: Runtime, options: ViewOptions = {}) {
    super(runtime, { ...options, expr: expressionInterpreter } as ViewOptions);
  }
}
