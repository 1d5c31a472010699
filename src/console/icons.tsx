import { Icon } from '../pages/mark.tsx'

/** The console's line drawings. */
const PATHS = {
  sites: 'M3 5.5h14v9.5H3zM3 8.5h14M5.5 7h.2',
  keys: 'M12.5 2.8a4.7 4.7 0 1 1-2.6 8.6L4 17.2H2.8V14l6-5.9a4.7 4.7 0 0 1 3.7-5.3zM13.6 6.4h.1',
  log: 'M4 5h12M4 10h12M4 15h7',
  account:
    'M10 10.5a3.6 3.6 0 1 0 0-7.2a3.6 3.6 0 0 0 0 7.2zM3.5 17c.6-3 3.2-4.4 6.5-4.4s5.9 1.4 6.5 4.4',
  accounts:
    'M7.5 10a3 3 0 1 0 0-6a3 3 0 0 0 0 6zM2 16.2c.5-2.7 2.7-4 5.5-4s5 1.3 5.5 4M13 4.3a3 3 0 0 1 0 5.5M15 12.6c1.7.5 2.7 1.7 3 3.6',
  promises: 'M5 2.8h8l3 3v11.4H5zM12.6 3v3.2h3.2M7.6 11.6l2 2 3.4-4',
  service: 'M3 6h8M15 6h2M13 4v4M3 14h2M9 14h8M7 12v4',
  tick: 'M4 10.5l4 4 8-9',
  bang: 'M10 2.5a7.5 7.5 0 1 1 0 15a7.5 7.5 0 1 1 0-15zM10 6.2v4.6M10 13.6v.2',
  pause: 'M10 2.5a7.5 7.5 0 1 1 0 15a7.5 7.5 0 1 1 0-15zM8 7.3v5.4M12 7.3v5.4',
  clock: 'M10 2.5a7.5 7.5 0 1 1 0 15a7.5 7.5 0 1 1 0-15zM10 5.8v4.4l2.8 1.8',
  end: 'M10 2.5a7.5 7.5 0 1 1 0 15a7.5 7.5 0 1 1 0-15zM7.3 7.3l5.4 5.4M12.7 7.3l-5.4 5.4',
  info: 'M10 2.5a7.5 7.5 0 1 1 0 15a7.5 7.5 0 1 1 0-15zM10 9.2v4.6M10 6.3v.2',
} as const

export type Drawing = keyof typeof PATHS

/** A line drawing. Decoration only: a word beside it says the same. */
export function Draw({ what }: { what: Drawing }) {
  return <Icon path={PATHS[what]} />
}
