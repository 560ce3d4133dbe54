"""The record as tables of cells: names, keys and columns; cells, rows and files of them."""
