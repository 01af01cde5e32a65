/** The shelf of theorems, and which of them speak of a setting. */
import { cao2022 } from './cao-2022.ts';
import { frei2022 } from './frei-2022.ts';
import { george2023 } from './george-2023.ts';
import { han2025 } from './han-2025.ts';
import { huang2025 } from './huang-2025.ts';
import { karhadkar2024 } from './karhadkar-2024.ts';
import { kou2023 } from './kou-2023.ts';
import { meng2024 } from './meng-2024.ts';
import { shang2024 } from './shang-2024.ts';
import type { Statement } from './statement.ts';
import { xuGu2023 } from './xu-gu-2023.ts';

/** Every theorem, corollary, proposition, lemma and assumption of the shelf. */
export const STATEMENTS: readonly Statement[] = [
  ...kou2023,
  ...xuGu2023,
  ...shang2024,
  ...karhadkar2024,
  ...cao2022,
  ...frei2022,
  ...meng2024,
  ...george2023,
  ...huang2025,
  ...han2025,
];
