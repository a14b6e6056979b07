"""What happens to a lot of food on its way from the field to the table."""
