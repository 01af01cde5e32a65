/** Modules of the command line belong to one call: what one of them remembers ends with it. */
interface Found {
  readonly url: string;
}

export async function resolve(
  specifier: string,
  context: { readonly parentURL?: string },
  next: (specifier: string, context: object) => Promise<Found>,
): Promise<Found> {
  const found = await next(specifier, context);
  const [, call] = /\/src\/cli\/.*(\?call=\d+)$/.exec(context.parentURL ?? '') ?? [];
  return call !== undefined && /\/src\/cli\/[^/?]*$/.test(found.url) ? { ...found, url: found.url + call } : found;
}
