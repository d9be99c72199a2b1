"""Who can try the portal. The password is public, so production refuses to start with these accounts."""

DEMO_PASSWORD = "det-gode-match"  # noqa: S105 - printed in the README, and accepted only outside production

DEMO_ACCOUNTS: tuple[tuple[str, str], ...] = (
    ("konsulent@demo.dk", "Konsulent i Halsnæs"),
    ("konsulent2@demo.dk", "Konsulent i nabokommunen Fredensborg"),
    ("virksomhed@demo.dk", "Virksomhed: Køkkenet ved Fjorden"),
    ("virksomhed2@demo.dk", "Virksomhed: Blank Rengøring"),
    ("borger@demo.dk", "Borger med kompetencekort og forløb"),
    ("borger2@demo.dk", "Borger, der lige er begyndt"),
    ("leder@demo.dk", "Leder: målene og tallene bag"),
    ("leder2@demo.dk", "Leder i nabokommunen Fredensborg"),
    ("holdleder@demo.dk", "Holdleder: Barselscafé Maglehøj, kun navne og fremmøde"),
    ("admin@demo.dk", "Administrator i Halsnæs: brugere og log"),
    ("drift@demo.dk", "Drift: kommuner og regler, ingen personer"),
)
