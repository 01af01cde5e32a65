/**
 * Statements in the form in which a sweep's runs are held against them: with what the proofs use where the printed condition is beyond any
 * experiment (step sizes of order 1/d²), and with constants of ours. The printed forms stand beside this folder.
 */
import type { Statement } from '../statement.ts';
import { freiTheorem } from './frei-2022.ts';
import { karhadkarTheorem31 } from './karhadkar-2024.ts';
import { xuGuRates, xuGuTheorem31 } from './xu-gu-2023.ts';

export const TESTABLE: readonly Statement[] = [karhadkarTheorem31, xuGuTheorem31, xuGuRates, freiTheorem];
