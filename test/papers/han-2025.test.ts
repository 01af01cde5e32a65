import { han2025 } from '../../src/papers/han-2025.ts';
import { testQuickPresets } from '../helpers/quick-presets.ts';

testQuickPresets(han2025.figures);
