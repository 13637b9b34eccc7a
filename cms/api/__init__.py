"""The content room's part of /api/v1/."""

from ninja import Router

from cms.api.notices import router as notices_router
from cms.api.own_notices import router as own_notices_router
from cms.api.own_schedule import router as own_schedule_router
from cms.api.pages import router as pages_router
from cms.api.previews import router as previews_router

router = Router()
router.add_router("", notices_router)
router.add_router("", pages_router)
router.add_router("", previews_router)
router.add_router("/agency/notices", own_notices_router)
router.add_router("/agency/schedule", own_schedule_router)
