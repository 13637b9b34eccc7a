/** Starts the download of its link once, when the page is reached and not when it is reloaded. */
class AutoDownload extends HTMLElement {
  connectedCallback() {
    const [navigation] = performance.getEntriesByType("navigation");
    const link = this.querySelector("a[download]");
    if (!link || (navigation && navigation.type !== "navigate")) return;
    link.click();
    this.querySelector("[data-status]").textContent = "다운로드를 시작했습니다.";
  }
}

customElements.define("auto-download", AutoDownload);
