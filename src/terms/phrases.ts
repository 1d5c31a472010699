/** What the pages of the Terms say around the text, in the languages that the software brings the Terms in. */
export interface Phrases {
  lang: 'en' | 'zh'
  title: string
  description: string
  contents: string
  languages: string
  here: string
  outside: string
  translation(binding: string): string
  founding: string
  version(number: number): string
  /** Within a sentence. */
  named(number: number): string
  /** Each stands before a moment. */
  since: string
  from: string
  was: string
  until: string
  ended: string
  announced: string
  withdrawn: string
  coming: string
  comingUse: string
  comingClick: string
  readIt: string
  different: string
  differences: string
  allVersions: string
  current: string
  summary: string
  proof: string
  raw: string
  list: string
  feed: string
  feedback: string
  versionsLead: string
  diffLead(older: string, newer: string): string
  none: string
  counts(counts: { changed: number; added: number; removed: number; moved: number }): string
  unchanged: string
  kinds: { changed: string; added: string; removed: string; moved(was: string): string }
  marks: { added: string; removed: string }
  legend: string
  preamble: string
  missing: string
  missingLead: string
}

const en: Phrases = {
  lang: 'en',
  title: 'Terms of Use',
  description: 'What holds between those who use this service and those who run it.',
  contents: 'Contents',
  languages: 'Language',
  here: 'Address of this part',
  outside: '(leads to another site)',
  translation: (binding) => `This is a translation. The text that binds is the one in ${binding}.`,
  founding: 'This is the text that One Captcha comes with; no version was announced here yet.',
  version: (number) => (number === 0 ? 'Founding text' : `Version ${number}`),
  named: (number) => (number === 0 ? 'the founding text' : `version ${number}`),
  since: 'In force since',
  from: 'Will be in force from',
  was: 'Was in force from',
  until: 'until',
  ended: 'Was in force until',
  announced: 'Announced',
  withdrawn: 'Withdrawn, before it was in force, on',
  coming: 'A new version will be in force from',
  comingUse: 'Who goes on using the service then accepts it.',
  comingClick: 'Who has an account will be asked to accept it.',
  readIt: 'Read it',
  different: 'What is different',
  differences: 'What is different',
  allVersions: 'All versions',
  current: 'The Terms in force',
  summary: 'What the operator says of it',
  proof: 'The hash of this text (SHA-256):',
  raw: 'As Markdown',
  list: 'Signed list of all documents in force',
  feed: 'Feed (Atom)',
  feedback: 'Tell us what you think of it',
  versionsLead: 'Every version that was announced, word for word as it was then.',
  diffLead: (older, newer) => `From ${older} to ${newer}.`,
  none: 'These two are the same, word for word.',
  counts: ({ changed, added, removed, moved }) =>
    list('en', [
      some(changed, 'clause is changed', 'clauses are changed'),
      some(added, 'is new', 'are new'),
      some(removed, 'is gone', 'are gone'),
      some(moved, 'has another number', 'have another number'),
    ]),
  unchanged: 'Unchanged:',
  kinds: {
    changed: 'Changed',
    added: 'New',
    removed: 'Gone',
    moved: (was) => `Was ${was || 'without a number'}`,
  },
  marks: { added: '[added:]', removed: '[removed:]' },
  legend: 'Compared are the words, and where links lead; not how they are set.',
  preamble: 'Opening',
  missing: 'There is no such version',
  missingLead: 'Perhaps it was never announced.',
}

const zh: Phrases = {
  lang: 'zh',
  title: '使用条款',
  description: '使用本服务的人与运营本服务的人之间的约定。',
  contents: '目录',
  languages: '语言',
  here: '本节的链接',
  outside: '（通往其他网站）',
  translation: (binding) => `本文为译文，具有约束力的是${binding}文本。`,
  founding: '这是 One Captcha 自带的文本；此处尚未公布任何版本。',
  version: (number) => (number === 0 ? '初始文本' : `第 ${number} 版`),
  named: (number) => (number === 0 ? '初始文本' : `第 ${number} 版`),
  since: '生效时间：',
  from: '将于以下时间生效：',
  was: '曾经有效，自',
  until: '至',
  ended: '失效时间：',
  announced: '公布时间：',
  withdrawn: '生效前已撤回：',
  coming: '新版本将于以下时间生效：',
  comingUse: '此后继续使用本服务即表示接受。',
  comingClick: '账户持有人将被要求点击接受。',
  readIt: '阅读新版本',
  different: '查看差异',
  differences: '版本差异',
  allVersions: '所有版本',
  current: '现行条款',
  summary: '运营者的说明',
  proof: '本文本的散列值（SHA-256）：',
  raw: 'Markdown 原文',
  list: '有效文件的签名清单',
  feed: '更新源（Atom）',
  feedback: '提出意见',
  versionsLead: '所有已公布的版本，逐字保留原样。',
  diffLead: (older, newer) => `从${older}到${newer}。`,
  none: '两者逐字相同。',
  counts: ({ changed, added, removed, moved }) =>
    list('zh', [
      some(changed, '条有修改'),
      some(added, '条新增'),
      some(removed, '条删除'),
      some(moved, '条编号变动'),
    ]),
  unchanged: '未变：',
  kinds: {
    changed: '有修改',
    added: '新增',
    removed: '删除',
    moved: (was) => (was ? `原为 ${was}` : '原无编号'),
  },
  marks: { added: '[新增：]', removed: '[删除：]' },
  legend: '比较的是文字和链接的去向，不包括排版。',
  preamble: '前言',
  missing: '没有这个版本',
  missingLead: '也许它从未公布。',
}

/** The phrases for a text's language; English where there are none. */
export function phrasesFor(lang: string): Phrases {
  return lang.toLowerCase().split('-', 1)[0] === 'zh' ? zh : en
}

const FORMATS = { en: momentFormat('en-GB'), zh: momentFormat('zh-CN') }

/** A moment, written out in UTC: a reader needs no script to know which it is. */
export function momentIn(lang: Phrases['lang'], at: number): string {
  return `${FORMATS[lang].format(at)} UTC`
}

function momentFormat(locale: string) {
  return new Intl.DateTimeFormat(locale, {
    ...{ year: 'numeric', month: 'long', day: 'numeric', hour: '2-digit', minute: '2-digit' },
    ...{ hourCycle: 'h23', timeZone: 'UTC' },
  } as Intl.DateTimeFormatOptions)
}

function some(count: number, one: string, several = one): string {
  return count === 0 ? '' : `${count} ${count === 1 ? one : several}`
}

function list(lang: Phrases['lang'], parts: readonly string[]): string {
  const said = parts.filter(Boolean)
  return lang === 'zh' ? `${said.join('，')}。` : `${said.join(', ')}.`
}
