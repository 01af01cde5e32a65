/** The papers shelf. */
import { george2023 } from './george-2023.ts';
import { han2025 } from './han-2025.ts';
import { kou2023 } from './kou-2023.ts';
import { karhadkar2024 } from './karhadkar-2024.ts';
import { mallinar2022 } from './mallinar-2022.ts';
import type { Paper } from './paper.ts';

export const PAPERS: readonly Paper[] = [kou2023, karhadkar2024, george2023, han2025, mallinar2022];
