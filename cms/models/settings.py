"""What a city puts in without code: names, contacts, banner."""

from django.db import models
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting


@register_setting(icon="cog")
class PortalSettings(BaseSiteSetting):
    """Names and contacts of the site (S8); the certificate's issuer too."""

    name = models.CharField(
        "시스템 이름", max_length=80, default="대전광역시 수출지원사업 관리시스템"
    )
    short_name = models.CharField("짧은 이름", max_length=40, default="수출지원사업")
    city_name = models.CharField("시 이름", max_length=40, default="대전광역시")
    issuer_name = models.CharField(
        "확인증 발급자", max_length=80, default="대전광역시 수출지원 관리시스템"
    )
    inquiry_phone = models.CharField("시스템 이용문의", max_length=20, default="042-380-3046")
    support_phone = models.CharField(
        "시스템 오류신고 및 이용지원", max_length=20, default="042-820-9623"
    )
    certificate_phone = models.CharField("인증서 문의", max_length=20, default="1566-0566")
    lost_certificate_phone = models.CharField("인증서 분실신고", max_length=20, default="118")
    address = models.CharField("주소", max_length=200, blank=True)
    official_banner_enabled = models.BooleanField(
        "공식 누리집 배너",
        default=False,
        help_text="전자정부 누리집으로 인정된 사이트에서만 켭니다.",
    )
    demo_notice = models.CharField("시연 표시 문구", max_length=80, blank=True)

    panels = [
        MultiFieldPanel(
            [
                FieldPanel("name"),
                FieldPanel("short_name"),
                FieldPanel("city_name"),
                FieldPanel("issuer_name"),
            ],
            "이름",
        ),
        MultiFieldPanel(
            [
                FieldPanel("inquiry_phone"),
                FieldPanel("support_phone"),
                FieldPanel("certificate_phone"),
                FieldPanel("lost_certificate_phone"),
                FieldPanel("address"),
            ],
            "연락처",
        ),
        MultiFieldPanel([FieldPanel("official_banner_enabled"), FieldPanel("demo_notice")], "표시"),
    ]

    class Meta:
        verbose_name = "사이트 설정"
        verbose_name_plural = "사이트 설정"
