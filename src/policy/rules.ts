/** The rules in words, and how bad it is to break one. */

export type Severity = 'low' | 'medium' | 'high' | 'critical';
type Words = Readonly<Record<'en' | 'ja', string>>;

interface RuleText {
  readonly severity: Severity;
  /** What is wrong with a container that breaks it. */
  readonly message: Words;
}

export const ruleTexts = {
  requiredLabels: {
    severity: 'low',
    message: { en: 'A required label is missing or has another value', ja: '必須ラベルがないか、値が違います' },
  },
  'forbidden.privileged': {
    severity: 'critical',
    message: { en: 'The container is privileged', ja: '特権コンテナです' },
  },
  'forbidden.capabilities': {
    severity: 'high',
    message: { en: 'The container has a forbidden capability', ja: '禁止されたケイパビリティを持っています' },
  },
  'forbidden.hostNamespaces': {
    severity: 'high',
    message: { en: 'The container shares a namespace with the host', ja: 'ホストと名前空間を共有しています' },
  },
  'forbidden.mounts': {
    severity: 'critical',
    message: { en: 'The container sees a forbidden path of the host', ja: '禁止されたホストのパスが見えています' },
  },
  'allowed.capabilities': {
    severity: 'high',
    message: {
      en: 'The container has an additional capability that is not allowed',
      ja: '許可されていないケイパビリティが追加されています',
    },
  },
  'required.readOnlyRootFilesystem': {
    severity: 'medium',
    message: { en: 'The root file system is writable', ja: 'ルートファイルシステムに書き込めます' },
  },
  'required.runAsNonRoot': {
    severity: 'high',
    message: { en: 'A process runs as root of its user namespace', ja: 'ユーザー名前空間の root で動いています' },
  },
  'required.dropCapabilities': {
    severity: 'medium',
    message: { en: 'A capability that must be dropped is there', ja: '破棄すべきケイパビリティが残っています' },
  },
  'required.noNewPrivileges': {
    severity: 'medium',
    message: { en: 'Its processes can gain privileges', ja: '新しい権限を得ることができます' },
  },
  'required.seccomp': {
    severity: 'high',
    message: { en: 'System calls are not filtered', ja: 'システムコールが制限されていません' },
  },
  'required.limits': {
    severity: 'medium',
    message: { en: 'A resource has no limit', ja: 'リソースに上限がありません' },
  },
} as const satisfies Record<string, RuleText>;
export type RuleId = keyof typeof ruleTexts;
