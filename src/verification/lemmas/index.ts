/** Every lemma that a run can be held against. */
import type { Lemma } from '../lemma.ts';
import { KARHADKAR_2024 } from './karhadkar-2024.ts';
import { KOU_2023 } from './kou-2023.ts';
import { SHANG_2024 } from './shang-2024.ts';
import { XU_GU_2023 } from './xu-gu-2023.ts';

export const LEMMAS: readonly Lemma[] = [...KOU_2023, ...XU_GU_2023, ...KARHADKAR_2024, ...SHANG_2024];
