/** The papers shelf. */
import { frei2022 } from './frei-2022.ts';
import { kou2023 } from './kou-2023.ts';
import { karhadkar2024 } from './karhadkar-2024.ts';
import type { Paper } from './paper.ts';
import { xuGu2023 } from './xu-gu-2023.ts';

export const PAPERS: readonly Paper[] = [kou2023, karhadkar2024, xuGu2023, frei2022];
