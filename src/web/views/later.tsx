/** A part of the page that is loaded when it is first shown. */
import type { ComponentType, JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

export function later<P extends object>(load: () => Promise<ComponentType<P>>): (props: P) => JSX.Element {
  return function Later(props) {
    const [loaded, setLoaded] = useState<{ readonly Part: ComponentType<P> }>();
    const [wrong, setWrong] = useState('');
    useEffect(() => {
      load().then(
        (Part) => setLoaded({ Part }),
        (error: unknown) => setWrong(`This part of the page cannot be loaded: ${String(error)}`),
      );
    }, []);
    if (loaded) return <loaded.Part {...props} />;
    return <p class={wrong ? 'wrong' : 'wait'}>{wrong || 'Being loaded …'}</p>;
  };
}
