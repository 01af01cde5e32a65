import { mallinar2022 } from '../../src/papers/mallinar-2022.ts';
import { testQuickPresets } from '../helpers/quick-presets.ts';

testQuickPresets(mallinar2022.figures);
