/** The papers shelf, for programs. */
import type { Paper } from '../papers/paper.ts';

/**
 * Every paper that can be reproduced, as plain data: its figures, their variants, and of each the spec, the published
 * numbers and checks, and where it departs from the paper. Loaded when it is asked for.
 */
export const papers = async (): Promise<readonly Paper[]> => (await import('../papers/index.ts')).PAPERS;
