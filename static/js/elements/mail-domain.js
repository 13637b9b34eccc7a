/**
 * The list of mail domains beside an address (S38): choosing one writes what stands after the @.
 * The field itself always takes the whole address, so typing and pasting never need the list.
 */
const DOMAINS = ["naver.com", "daum.net", "hanmail.net", "gmail.com", "kakao.com", "nate.com", "korea.kr"];
const BY_HAND = "직접입력";

class MailDomain extends HTMLElement {
  connectedCallback() {
    this.control = this.querySelector("input");
    const list = document.createElement("select");
    list.className = "field__extra";
    list.setAttribute("aria-label", "메일 도메인 선택");
    for (const name of [BY_HAND, ...DOMAINS]) list.append(new Option(name, name === BY_HAND ? "" : name));
    list.addEventListener("change", () => this.take(list.value));
    this.control.addEventListener("change", () => {
      const domain = this.control.value.split("@")[1] ?? "";
      list.value = DOMAINS.includes(domain) ? domain : "";
    });
    this.control.after(list);
    this.control.dispatchEvent(new Event("change"));
  }

  take(domain) {
    const local = this.control.value.split("@")[0].trim();
    this.control.value = domain ? `${local}@${domain}` : local;
    this.control.focus();
    if (!domain) this.control.setSelectionRange?.(local.length, local.length);
  }
}

customElements.define("mail-domain", MailDomain);
