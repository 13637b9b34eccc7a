"""Body blocks: the parts editors compose a page's free text of."""

from wagtail import blocks
from wagtail.contrib.table_block.blocks import TableBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

RICH_TEXT_FEATURES = ["h3", "h4", "bold", "ol", "ul", "hr", "link", "document-link"]


class HeadingBlock(blocks.CharBlock):
    class Meta:
        label = "소제목"
        icon = "title"
        template = "cms/blocks/heading.html"


class ListBlock(blocks.StructBlock):
    """A titled list, such as 지원 내용."""

    title = blocks.CharBlock(label="제목", required=False)
    items = blocks.ListBlock(blocks.CharBlock(label="항목"), label="항목")

    class Meta:
        label = "목록"
        icon = "list-ul"
        template = "cms/blocks/list.html"


class StepsBlock(blocks.StructBlock):
    title = blocks.CharBlock(label="제목", required=False)
    items = blocks.ListBlock(blocks.CharBlock(label="단계"), label="단계")

    class Meta:
        label = "절차"
        icon = "list-ol"
        template = "cms/blocks/steps.html"


class QuestionBlock(blocks.StructBlock):
    question = blocks.CharBlock(label="질문")
    answer = blocks.RichTextBlock(label="답변", features=RICH_TEXT_FEATURES)

    class Meta:
        label = "자주 묻는 질문"
        icon = "help"
        template = "cms/blocks/question.html"


class CallOutBlock(blocks.StructBlock):
    title = blocks.CharBlock(label="제목", required=False)
    text = blocks.RichTextBlock(label="내용", features=["bold", "link", "ul"])

    class Meta:
        label = "알림 상자"
        icon = "warning"
        template = "cms/blocks/call_out.html"


class PictureBlock(blocks.StructBlock):
    image = ImageChooserBlock(label="이미지")
    alternative_text = blocks.CharBlock(
        label="대체 텍스트", help_text="화면을 볼 수 없는 사람에게 읽어 줄 설명입니다."
    )
    caption = blocks.CharBlock(label="설명", required=False)

    class Meta:
        label = "이미지"
        icon = "image"
        template = "cms/blocks/picture.html"


class FilesBlock(blocks.StructBlock):
    title = blocks.CharBlock(label="제목", required=False)
    files = blocks.ListBlock(DocumentChooserBlock(label="파일"), label="파일")

    class Meta:
        label = "파일"
        icon = "doc-full"
        template = "cms/blocks/files.html"


class ContactBlock(blocks.StructBlock):
    department = blocks.CharBlock(label="부서")
    phone = blocks.CharBlock(label="전화", required=False)
    email = blocks.EmailBlock(label="전자우편", required=False)

    class Meta:
        label = "문의처"
        icon = "mail"
        template = "cms/blocks/contact.html"


class BodyBlock(blocks.StreamBlock):
    """Everything a free body may hold; no raw HTML and no embeds."""

    heading = HeadingBlock()
    text = blocks.RichTextBlock(
        label="글", features=RICH_TEXT_FEATURES, template="cms/blocks/text.html"
    )
    list = ListBlock()
    steps = StepsBlock()
    table = TableBlock(label="표", template="cms/blocks/table.html")
    picture = PictureBlock()
    files = FilesBlock()
    question = QuestionBlock()
    call_out = CallOutBlock()
    contact = ContactBlock()

    class Meta:
        required = False
