"""What people add to a case or a task: attachments and comments."""

from registers.media.attachments import Attachment, AttachmentRegister, NewAttachment
from registers.media.comments import Comment, CommentRegister
from registers.media.sniffing import MediaType, sniff

__all__ = ["Attachment", "AttachmentRegister", "Comment", "CommentRegister", "MediaType", "NewAttachment", "sniff"]
