/** The papers shelf. */
import { LEAVES } from './leaves.ts';
import { cao2022 } from './cao-2022.ts';
import { chen2023 } from './chen-2023-sam.ts';
import { border } from './border.ts';
import { depth } from './depth.ts';
import { frei2022 } from './frei-2022.ts';
import { george2023 } from './george-2023.ts';
import { han2025 } from './han-2025.ts';
import { huang2025 } from './huang-2025.ts';
import { kou2023 } from './kou-2023.ts';
import { karhadkar2024 } from './karhadkar-2024.ts';
import { mallinar2022 } from './mallinar-2022.ts';
import { meng2024 } from './meng-2024.ts';
import { noise } from './noise.ts';
import { optimizers } from './optimizers.ts';
import type { Paper } from './paper.ts';
import { real } from './real.ts';
import { shang2024 } from './shang-2024.ts';
import { tang2025 } from './tang-2025.ts';
import { xu2024 } from './xu-2024.ts';
import { xuGu2023 } from './xu-gu-2023.ts';

/** Each variant with what it leaves of its paper's assumptions. */
const withLeaves = (paper: Paper): Paper => ({
  ...paper,
  figures: paper.figures.map((figure) => ({
    ...figure,
    variants: figure.variants.map((variant) => ({
      ...variant,
      leaves: LEAVES[`${paper.id}/${figure.id} ${variant.id}`] ?? {},
    })),
  })),
});

export const PAPERS: readonly Paper[] = [
  kou2023,
  karhadkar2024,
  shang2024,
  xuGu2023,
  cao2022,
  meng2024,
  xu2024,
  frei2022,
  george2023,
  han2025,
  huang2025,
  mallinar2022,
  chen2023,
  optimizers,
  depth,
  noise,
  border,
  tang2025,
  real,
].map(withLeaves);
