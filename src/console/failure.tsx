import { Frame } from './frame.tsx'

const TITLES: Record<number, [title: string, words: string]> = {
  400: ['That could not be read', 'Please go back, and send it once more.'],
  403: ['This is not yours to do', 'Your role does not allow it.'],
  404: ['There is no such page', 'It may have been moved or deleted, or it is not yours to see.'],
  413: ['That was too much', 'This form may not carry so much. Please go back, and shorten it.'],
  415: ['That could not be read', 'This page takes nothing but its own form.'],
  429: ['A little slower, please', 'There were many tries. Wait a moment, and try again.'],
  503: ['One Captcha cannot answer just now', 'Nothing is lost. Please try again in a moment.'],
}

/** The page in the place of one that could not be shown. */
export function Failure({ status, said, id }: { status: number; said: string | null; id: string }) {
  const [title, words] = TITLES[status] ?? [
    'Something went wrong here',
    `It is the service’s fault, and logged as ${id}.`,
  ]
  return (
    <Frame title={title}>
      <div class="card">
        <p>{said && status !== 404 ? said : words}</p>
        <p>
          <a href="/console">To the first page</a>
        </p>
      </div>
    </Frame>
  )
}
