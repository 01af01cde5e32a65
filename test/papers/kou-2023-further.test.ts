import { further } from '../../src/papers/kou-2023-further.ts';
import { testQuickPresets } from '../helpers/quick-presets.ts';

testQuickPresets(further);
