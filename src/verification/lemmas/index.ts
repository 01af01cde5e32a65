/** Every lemma that a run can be held against. */
import type { Lemma } from '../lemma.ts';
import { KOU_2023 } from './kou-2023.ts';
import { KARHADKAR_2024, SHANG_2024 } from './others.ts';
import { XU_GU_2023 } from './xu-gu-2023.ts';

export const LEMMAS: readonly Lemma[] = [...KOU_2023, ...XU_GU_2023, ...KARHADKAR_2024, ...SHANG_2024];
