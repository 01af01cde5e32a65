/** The statements of the shelf. */
import { karhadkarTheorem31 } from './karhadkar-2024.ts';
import type { Statement } from './statement.ts';

export const STATEMENTS: readonly Statement[] = [karhadkarTheorem31];
