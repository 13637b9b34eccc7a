"""Korean for the few words of Wagtail that no catalogue reaches: labels made from field names."""

from wagtail.admin.forms.choosers import (
    AnchorLinkChooserForm,
    EmailLinkChooserForm,
    ExternalLinkChooserForm,
    PhoneLinkChooserForm,
)

LINK_TEXT = "보일 글"
LABELS = {
    ExternalLinkChooserForm: {"url": "주소", "link_text": LINK_TEXT},
    AnchorLinkChooserForm: {"link_text": LINK_TEXT},
    PhoneLinkChooserForm: {"phone_number": "전화번호", "link_text": LINK_TEXT},
    EmailLinkChooserForm: {
        "email_address": "전자우편",
        "link_text": LINK_TEXT,
        "subject": "메일 제목",
        "body": "메일 내용",
    },
}


def name_link_dialogs() -> None:
    """Give the dialogs that insert a link their Korean labels."""
    for form, labels in LABELS.items():
        for name, label in labels.items():
            form.base_fields[name].label = label
