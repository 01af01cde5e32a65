/** What of the laboratory is not needed for its first view: loaded after it, in one piece. */
export { SlowMotion } from './slow-motion.tsx';
export { ExportMap, ExportRun } from './export.tsx';
export { Presets } from './presets.tsx';
export { Theory } from './theory.tsx';
export { Share } from './share.tsx';
