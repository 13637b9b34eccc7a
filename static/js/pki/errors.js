// What can be wrong with a key file, told apart, because each needs another remedy.
export const MESSAGES = {
  password: "인증서 비밀번호가 맞지 않습니다. 대소문자를 확인해 다시 입력해 주십시오.",
  damaged: "인증서 파일이 손상되었습니다. 발급받은 프로그램에서 다시 복사해 주십시오.",
  unsupported: "지원하지 않는 방식으로 암호화된 파일입니다. 인증서 프로그램에서 다시 내보내 주십시오.",
  mismatch: "인증서와 개인키가 서로 맞지 않습니다. 같은 폴더의 두 파일을 골라 주십시오.",
  "no-secret":
    "이 파일에는 사업자등록번호를 확인할 값이 없습니다. 인증서 프로그램에서 다시 내보내 주십시오.",
  "not-signing": "암호화용 인증서입니다. signCert.der와 signPri.key를 골라 주십시오.",
  personal: "개인용 인증서입니다. 기업 명의의 사업자용 공동인증서를 골라 주십시오.",
  "not-company": "이 업무에 쓸 수 없는 인증서입니다. 사업자용 범용 인증서를 골라 주십시오.",
  expired: "유효기간이 지났거나 아직 시작되지 않은 인증서입니다. 갱신한 인증서를 골라 주십시오.",
};

export class KeyFileError extends Error {
  constructor(code) {
    super(code);
    this.code = code;
  }
}

export function fail(code) {
  throw new KeyFileError(code);
}
