"""What every page is made with: fragments, lists, forms, menus, permissions and paper; knows no table."""
