/** The module of a page's worker: batches come as messages, and so do the lines that they give. */
import { serve, type Channel } from './serve.ts';

declare const self: Channel;

serve(self);
