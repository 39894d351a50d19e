import type { WireMessage, Port } from '../../src/protocol/channel';

/** The result of `acquireVsCodeApi`, with the type of the view's state. */
export interface ViewApi<State> {
  postMessage(message: unknown): void;
  getState(): State | undefined;
  setState(state: State): void;
}

/** The webview's end of the channel to the extension host. */
export function channelPort(api: { postMessage(message: unknown): void }): Port {
  return {
    post: (frame) => api.postMessage(frame),
    listen(receive) {
      const listener = (event: MessageEvent<WireMessage>): void => receive(event.data);
      window.addEventListener('message', listener);
      return () => window.removeEventListener('message', listener);
    },
  };
}
