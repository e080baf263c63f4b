"""How each site does, as the monitors last judged it."""

from datetime import datetime

from sqlalchemy import Float, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.columns import UTC, Base, CleanText


class SiteHealthRow(Base):
    """The last verdict on one site, and the figures it rests on."""

    __tablename__ = "site_health"

    site_id: Mapped[int] = mapped_column(ForeignKey("sites.site_id"), primary_key=True)
    judged_at: Mapped[datetime] = mapped_column(UTC)
    run_id: Mapped[int | None] = mapped_column(
        ForeignKey("runs.run_id"), comment="the run that was judged"
    )
    usual_per_day: Mapped[float | None] = mapped_column(Float)
    empty_share: Mapped[float | None] = mapped_column(Float)
    usual_empty_share: Mapped[float | None] = mapped_column(Float)
    median_words: Mapped[float | None] = mapped_column(Float)
    usual_median_words: Mapped[float | None] = mapped_column(Float)
    state: Mapped[str] = mapped_column(String(4), comment="ok | warn | red")
    reason: Mapped[str | None] = mapped_column(CleanText, comment="null where all is well")
