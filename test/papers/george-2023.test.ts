import { george2023 } from '../../src/papers/george-2023.ts';
import { testQuickPresets } from '../helpers/quick-presets.ts';

testQuickPresets(george2023.figures);
