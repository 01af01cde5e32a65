/** The papers shelf. */
import { kou2023 } from './kou-2023.ts';
import type { Paper } from './paper.ts';

export const PAPERS: readonly Paper[] = [kou2023];
