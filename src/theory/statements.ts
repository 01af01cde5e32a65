/** The statements of the shelf. */
import { freiTheorem } from './frei-2022.ts';
import { karhadkarTheorem31 } from './karhadkar-2024.ts';
import type { Statement } from './statement.ts';
import { xuGuRates, xuGuTheorem31 } from './xu-gu-2023.ts';

export const STATEMENTS: readonly Statement[] = [karhadkarTheorem31, xuGuTheorem31, xuGuRates, freiTheorem];
