// Pages of a draft: answers saved as they are typed, papers sent with progress.
import "./elements/auto-save.js";
import "./elements/paper-upload.js";
