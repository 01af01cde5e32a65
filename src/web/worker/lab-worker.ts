/** The module of the worker that knows the laboratory. */
import * as Comlink from 'comlink';
import { opened } from './desk.ts';

Comlink.expose({ opened });
