import type { NoticeSection } from './notice.ts'
import type { PrivacyFacts } from './words.ts'

/** What matters of the notice, for those who read Chinese. The English text says it in full. */
export function chineseSummary({
  operator,
  contact,
  feedback,
  feedbackDays,
}: PrivacyFacts): NoticeSection {
  return {
    id: 'zh',
    title: '中文摘要',
    lang: 'zh',
    blocks: [
      operator
        ? `本服务由 ${operator} 运营。${contact ? `联系方式：${contact}。` : ''}`
        : `本服务器的运营者未在此署名。${contact ? `联系方式：${contact}。` : ''}`,
      {
        list: [
          '访客：您的地址、浏览器名称、Cookie 或设备指纹，一概不写入磁盘、数据库或日志。数据表中没有任何一项与访客有关。您的解答当即判定，随后即忘。网络繁忙程度只以随机密钥下的短码计数，密钥只在内存中，最长二十分钟后消失。',
          '账户：登录名可以是化名；电子邮件地址仅在您提供时保存，并且加密；密码和密钥只保存散列值。每次更改都以随机编号记入日志，不含姓名和地址。',
          ...(feedback
            ? [
                `反馈：无需账户，也无需地址。您所写的内容和地址都经过加密，在处理完毕 ${feedbackDays} 天后删除。`,
              ]
            : []),
          '您的权利：在控制台的“Account”页面可以下载、更正或删除您的数据，无需说明理由；也可以向您所在地的数据保护机构投诉。',
          '除了您自己要求发送的邮件和 webhook，程序不向任何地方发送数据。',
        ],
      },
    ],
  }
}
