"""What runs around the portal: setting up, serving, testing. The portal itself imports nothing from here."""
