/** Contrast and text size take effect at once; the server keeps them in cookies as without us. */
class DisplaySettings extends HTMLElement {
  connectedCallback() {
    this.folded = this.querySelector("details");
    this.form = this.querySelector("form");
    this.form.addEventListener("change", () => this.apply());
    this.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !this.folded.open) return;
      this.folded.open = false;
      this.folded.querySelector("summary").focus();
    });
    document.addEventListener("click", (event) => {
      if (!this.contains(event.target)) this.folded.open = false;
    });
  }

  async apply() {
    const chosen = new FormData(this.form);
    for (const part of ["contrast", "size"]) {
      if (chosen.has(part)) document.documentElement.dataset[part] = chosen.get(part);
    }
    const kept = await fetch(this.form.action, { method: "POST", body: chosen, redirect: "manual" })
      .then((response) => response.type === "opaqueredirect" || response.ok)
      .catch(() => false);
    this.querySelector("[role=status]").textContent = kept
      ? "화면 설정을 바꾸었습니다."
      : "화면 설정을 저장하지 못했습니다. ‘설정 적용하기’를 눌러 주십시오.";
  }
}

customElements.define("display-settings", DisplaySettings);
