/**
 * What the SDK uses of the frameworks, so that it builds without them. In a site's project their own types are in this place.
 */

declare module 'react' {
  // biome-ignore-start lint/suspicious/noExplicitAny: the outlines alone
  export type ForwardRefExoticComponent<P> = (props: P) => any
  export interface RefAttributes<T> {
    ref?: ((instance: T | null) => any) | { current: T | null } | null | undefined
  }
  export function forwardRef<T, P>(
    render: (props: P, ref: any) => any,
  ): ForwardRefExoticComponent<P & RefAttributes<T>>
  export function createElement(type: string, props: object): any
  export function useEffect(effect: () => unknown, dependencies?: readonly unknown[]): void
  export function useImperativeHandle<T>(
    ref: any,
    make: () => T,
    dependencies: readonly unknown[],
  ): void
  export function useRef<T>(initial: T | null): { current: T }
}

declare module 'solid-js' {
  export namespace JSX {
    type Element = any
  }
  export function createComponent(component: unknown, props: object): JSX.Element
  export function createEffect(effect: () => void): void
  export function mergeProps(...sources: unknown[]): object
  export function onCleanup(cleanup: () => void): void
}

declare module 'solid-js/web' {
  export const Dynamic: unknown
}

declare module '@nestjs/common' {
  export class HttpException extends Error {
    constructor(response: string | object, status: number)
  }
}

declare module 'h3' {
  export interface H3Event {
    readonly path: string
  }
  export function readRawBody(event: any, encoding: false): Promise<Uint8Array | undefined>
  // biome-ignore-end lint/suspicious/noExplicitAny: the outlines alone
}
